package io.intaglio.client.internal.proxy;

import io.intaglio.client.Proxy;
import io.intaglio.client.internal.http.ProxyServer;
import io.intaglio.signing.secret.InsecureSecretAccess;
import java.net.URI;

/** For clients and for their token sources, which have connections of their own. */
public final class ProxyServers {
    private ProxyServers() {}

    /** The proxy as the transport uses it; its password is read when a connection is opened. */
    public static ProxyServer of(Proxy proxy) {
        URI address = proxy.address();
        String host = address.getHost();
        return new ProxyServer(
                address.getScheme().equals("http") ? ProxyServer.Kind.HTTP : ProxyServer.Kind.SOCKS5,
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                address.getPort(),
                proxy.user()
                        .flatMap(user -> proxy.password()
                                .map(password ->
                                        new ProxyServer.Login(user, () -> InsecureSecretAccess.copyBytes(password))))
                        .orElse(null),
                proxy::excepts);
    }
}
