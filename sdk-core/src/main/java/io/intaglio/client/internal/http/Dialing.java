package io.intaglio.client.internal.http;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * How connections are opened.
 *
 * @param proxy through whom, null for nobody
 * @param localAddress from where, null where the operating system chooses
 * @param family the kind of address that is connected to: {@code Inet4Address}, {@code Inet6Address}, or {@code InetAddress} for both
 * @param names where addresses of names come from
 */
public record Dialing(
        @Nullable ProxyServer proxy,
        @Nullable InetAddress localAddress,
        Class<? extends InetAddress> family,
        Names names) {
    /** Straight to the host, by any address it has. */
    public static Dialing direct() {
        return new Dialing(null, null, InetAddress.class, Names.system());
    }

    /** Whether an address can be connected to in this way. */
    boolean takes(InetAddress remote) {
        return family.isInstance(remote) && (localAddress == null || localAddress.getClass() == remote.getClass());
    }
}
