package io.intaglio.client.tls;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BiConsumer;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Java's check of a server's certificates, then ours, which is stricter; the refusal says why. */
final class ServerCheck extends X509ExtendedTrustManager {
    private final Trust trust;
    private final X509ExtendedTrustManager javas;
    /** Java lets a failed look-up pass when the network fails, but not when the certificate names nobody to ask. */
    private final X509ExtendedTrustManager withoutRevocation;

    private final InstantSource clock;
    private final BiConsumer<String, X509Certificate> seen;

    /** @param seen hears of each host and the certificate that it showed and that was found good */
    ServerCheck(Trust trust, InstantSource clock, BiConsumer<String, X509Certificate> seen)
            throws GeneralSecurityException {
        this.trust = trust;
        this.javas = trust.javasCheck();
        this.withoutRevocation = trust.withoutRevocation().javasCheck();
        this.clock = clock;
        this.seen = seen;
    }

    /** The form of a check that may refuse. */
    private interface Check {
        void by(X509ExtendedTrustManager manager) throws CertificateException;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
            throws CertificateException {
        SSLSession session = socket instanceof SSLSocket tls ? tls.getHandshakeSession() : null;
        check(
                chain,
                session == null ? null : session.getPeerHost(),
                session,
                manager -> manager.checkServerTrusted(chain, authType, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
            throws CertificateException {
        SSLSession session = engine == null ? null : engine.getHandshakeSession();
        check(
                chain,
                engine == null ? null : engine.getPeerHost(),
                session,
                manager -> manager.checkServerTrusted(chain, authType, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("a server's certificate cannot be checked without its host");
    }

    private void check(X509Certificate[] chain, @Nullable String host, @Nullable SSLSession session, Check javasCheck)
            throws CertificateException {
        if (host == null) {
            throw new CertificateException("a server's certificate cannot be checked without its host");
        }
        ServerFault fault = new ServerFault(trust, chain, clock.instant());
        try {
            javasCheck.by(javas);
        } catch (CertificateException e) {
            if (trust.revocation() != Revocation.SOFT || ServerFault.isRevoked(e) || !passes(javasCheck)) {
                throw new ServerRefusedException(fault.of(e, host), e);
            }
            List<byte[]> stapled =
                    session instanceof ExtendedSSLSession extended ? extended.getStatusResponses() : List.of();
            CertPathValidatorException revoked = trust.revoked(chain, stapled);
            if (revoked != null) {
                throw new ServerRefusedException(ServerFault.revoked(revoked), e);
            }
        }
        String ours = fault.beyondJava(host);
        if (ours != null) {
            throw new ServerRefusedException(ours, null);
        }
        seen.accept(host, chain[0]);
    }

    private boolean passes(Check javasCheck) {
        try {
            javasCheck.by(withoutRevocation);
            return true;
        } catch (CertificateException e) {
            return false;
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("this is a client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
            throws CertificateException {
        throw new CertificateException("this is a client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("this is a client");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trust.anchors().toArray(new X509Certificate[0]);
    }

    /** Its message is the whole reason. */
    static final class ServerRefusedException extends CertificateException {
        private static final long serialVersionUID = 1L;

        ServerRefusedException(String reason, @Nullable CertificateException cause) {
            super(reason, cause);
        }
    }
}
