package io.intaglio.client.internal.http;

import java.io.IOException;

/** A proxy will not make the tunnel, however often it is asked: it wants another user, does not allow the host, or is no such proxy. */
final class ProxyRefusal extends IOException {
    private static final long serialVersionUID = 1L;

    ProxyRefusal(String message) {
        super(message);
    }
}
