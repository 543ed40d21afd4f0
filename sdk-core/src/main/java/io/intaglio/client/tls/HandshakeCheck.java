package io.intaglio.client.tls;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Shakes hands with a server as a client with this trust and identity would, sends nothing more, and tells what each side showed and wanted. Goes
 * there directly, without a proxy. Immutable.
 *
 * <pre>{@code
 * HandshakeCheck.Report report = new HandshakeCheck(tls, "api.venue.com", 443, Duration.ofSeconds(5)).run();
 * report.failure().ifPresent(System.out::println);
 * }</pre>
 *
 * @param timeout for connecting, and again for the handshake
 */
public record HandshakeCheck(Tls tls, String host, int port, Duration timeout) {
    /** In TLS 1.3 a server may refuse the client's certificate after the client holds the handshake for done. */
    private static final int LATE_ALERT_MILLIS = 500;

    /** Checks the values. */
    public HandshakeCheck {
        Objects.requireNonNull(tls, "tls");
        Objects.requireNonNull(host, "host");
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("a port is 1 to 65535, was " + port);
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be positive, was " + timeout);
        }
    }

    /**
     * What happened.
     *
     * @param protocol and {@code cipherSuite} as agreed on, empty when the handshake did not come so far
     * @param serverChain as the server sent it, its own certificate first; empty when it sent none
     * @param certificateWanted whether the server asked for a client certificate
     * @param authorities whose certificates it wants, empty when it takes any or says nothing
     * @param keyKinds of which kind the key may be
     * @param shown the client certificate that was shown, if one was
     * @param failure why it failed and the next step; empty when it did not
     */
    public record Report(
            String protocol,
            String cipherSuite,
            List<X509Certificate> serverChain,
            boolean certificateWanted,
            List<String> authorities,
            List<String> keyKinds,
            Optional<X509Certificate> shown,
            Optional<String> failure) {
        /** Copies. */
        public Report {
            serverChain = List.copyOf(serverChain);
            authorities = List.copyOf(authorities);
            keyKinds = List.copyOf(keyKinds);
        }
    }

    /** Connects and shakes hands. Failures are in the report. */
    public Report run() {
        Recorder recorder = new Recorder();
        String protocol = "";
        String suite = "";
        String failure = null;
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(host, port), (int) timeout.toMillis());
            plain.setSoTimeout((int) timeout.toMillis());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    new KeyManager[] {recorder.keys(tls.keyManager())},
                    new TrustManager[] {recorder.trust(tls.serverCheck())},
                    null);
            try (SSLSocket secure = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true)) {
                SSLParameters parameters = secure.getSSLParameters();
                parameters.setProtocols(tls.protocols());
                parameters.setCipherSuites(tls.cipherSuites());
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                secure.setSSLParameters(parameters);
                secure.startHandshake();
                protocol = secure.getSession().getProtocol();
                suite = secure.getSession().getCipherSuite();
                if (recorder.wanted) {
                    secure.setSoTimeout(LATE_ALERT_MILLIS);
                    awaitAlert(secure);
                }
            }
        } catch (SSLException e) {
            failure = TlsFault.inWords(e);
        } catch (SocketTimeoutException e) {
            failure = host + ":" + port + " did not answer within " + timeout.toMillis()
                    + " ms; check address, port and firewall";
        } catch (IOException e) {
            failure = "cannot connect to " + host + ":" + port + ": "
                    + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
        } catch (GeneralSecurityException e) {
            failure = "TLS cannot be set up: " + e.getMessage();
        }
        return new Report(
                protocol,
                suite,
                recorder.chain,
                recorder.wanted,
                recorder.authorities,
                recorder.keyKinds,
                Optional.ofNullable(recorder.shown),
                Optional.ofNullable(failure));
    }

    private static void awaitAlert(SSLSocket socket) throws IOException {
        try {
            socket.getInputStream().read();
        } catch (SocketTimeoutException nothingCame) {
            // as it should be
        }
    }

    /** Notes what passes the managers on its way. */
    private static final class Recorder {
        private List<X509Certificate> chain = List.of();
        private boolean wanted;
        private List<String> authorities = List.of();
        private List<String> keyKinds = List.of();
        private @Nullable X509Certificate shown;

        X509ExtendedKeyManager keys(IdentityManager manager) {
            return new X509ExtendedKeyManager() {
                @Override
                public @Nullable String chooseClientAlias(
                        String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
                    wanted = true;
                    keyKinds = Arrays.stream(types).distinct().toList();
                    List<String> names = new ArrayList<>();
                    for (Principal issuer : issuers == null ? new Principal[0] : issuers) {
                        names.add(issuer instanceof X500Principal x500 ? Certificates.name(x500) : issuer.getName());
                    }
                    authorities = names;
                    return manager.chooseClientAlias(types, issuers, socket);
                }

                @Override
                public X509Certificate @Nullable [] getCertificateChain(String alias) {
                    X509Certificate[] chain = manager.getCertificateChain(alias);
                    shown = chain == null ? null : chain[0];
                    return chain;
                }

                @Override
                public @Nullable PrivateKey getPrivateKey(String alias) {
                    return manager.getPrivateKey(alias);
                }

                @Override
                public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
                    return null;
                }

                @Override
                public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
                    return null;
                }

                @Override
                public @Nullable String chooseServerAlias(
                        String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
                    return null;
                }
            };
        }

        X509ExtendedTrustManager trust(ServerCheck check) {
            return new X509ExtendedTrustManager() {
                @Override
                public void checkServerTrusted(X509Certificate[] sent, String authType, @Nullable Socket socket)
                        throws CertificateException {
                    chain = List.of(sent);
                    check.checkServerTrusted(sent, authType, socket);
                }

                @Override
                public void checkServerTrusted(X509Certificate[] sent, String authType, @Nullable SSLEngine engine)
                        throws CertificateException {
                    check.checkServerTrusted(sent, authType, engine);
                }

                @Override
                public void checkServerTrusted(X509Certificate[] sent, String authType) throws CertificateException {
                    check.checkServerTrusted(sent, authType);
                }

                @Override
                public void checkClientTrusted(X509Certificate[] sent, String authType, @Nullable Socket socket)
                        throws CertificateException {
                    check.checkClientTrusted(sent, authType, socket);
                }

                @Override
                public void checkClientTrusted(X509Certificate[] sent, String authType, @Nullable SSLEngine engine)
                        throws CertificateException {
                    check.checkClientTrusted(sent, authType, engine);
                }

                @Override
                public void checkClientTrusted(X509Certificate[] sent, String authType) throws CertificateException {
                    check.checkClientTrusted(sent, authType);
                }

                @Override
                public X509Certificate[] getAcceptedIssuers() {
                    return check.getAcceptedIssuers();
                }
            };
        }
    }
}
