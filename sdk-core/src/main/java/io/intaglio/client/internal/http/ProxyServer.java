package io.intaglio.client.internal.http;

import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A proxy that makes tunnels.
 *
 * @param kind how it is asked
 * @param host its name or address
 * @param port its port
 * @param login who we are to it, null when it does not ask
 * @param isExcepted whether a host is connected to without it
 */
public record ProxyServer(
        Kind kind, String host, int port, @Nullable Login login, Predicate<String> isExcepted) {
    /** How a proxy is asked for a tunnel. */
    public enum Kind {
        /** The method CONNECT of HTTP. */
        HTTP,
        /** SOCKS version 5. */
        SOCKS5
    }

    /**
     * Who we are to a proxy.
     *
     * @param user the name
     * @param password makes a copy of the password, which the receiver wipes
     */
    public record Login(String user, Supplier<byte[]> password) {
        /** Nothing of it. */
        @Override
        public String toString() {
            return "Login";
        }
    }

    /** Kind, host and port. */
    @Override
    public String toString() {
        String shown = host.contains(":") ? "[" + host + "]" : host;
        return (kind == Kind.HTTP ? "HTTP" : "SOCKS5") + " proxy " + shown + ":" + port;
    }
}
