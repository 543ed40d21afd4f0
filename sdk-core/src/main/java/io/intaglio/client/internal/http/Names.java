package io.intaglio.client.internal.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Where addresses of names come from. Thread-safe. */
@FunctionalInterface
public interface Names {
    /** All addresses of a host, in the order in which they are to be tried. */
    List<InetAddress> of(String host) throws UnknownHostException;

    /** As the Java installation and the operating system look names up. */
    static Names system() {
        return host -> List.of(InetAddress.getAllByName(host));
    }
}
