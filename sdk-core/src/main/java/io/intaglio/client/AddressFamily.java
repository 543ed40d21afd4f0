package io.intaglio.client;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;

/** To which kind of address connections are made. Where a key is bound to an address, the kind has to be that of the address. */
public enum AddressFamily {
    /** Both, in the order in which the Java installation gives them. */
    ANY(InetAddress.class),
    /** IPv4 alone. */
    IPV4(Inet4Address.class),
    /** IPv6 alone. */
    IPV6(Inet6Address.class);

    private final Class<? extends InetAddress> kind;

    AddressFamily(Class<? extends InetAddress> kind) {
        this.kind = kind;
    }

    Class<? extends InetAddress> kind() {
        return kind;
    }
}
