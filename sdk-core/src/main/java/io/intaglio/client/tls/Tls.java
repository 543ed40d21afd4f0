package io.intaglio.client.tls;

import io.intaglio.signing.secret.InsecureSecretAccess;
import io.intaglio.signing.secret.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Objects;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Trust and identity of a client's connections. TLS 1.2 is the floor and 1.3 is preferred; host names are always checked, and there is no
 * setting that trusts everyone. Immutable and thread-safe.
 */
public final class Tls {
    private final SSLContext context;

    private Tls(SSLContext context) {
        this.context = context;
    }

    /** Trusts the certificate authorities of this Java installation and shows no certificate. */
    public static Tls system() {
        return builder().build();
    }

    /** Begins with the trust of {@link #system()}. */
    public static Builder builder() {
        return new Builder();
    }

    /** For a transport: makes sockets with this trust and identity. */
    public SSLContext sslContext() {
        return context;
    }

    /** Collects trust and identity. Not thread-safe. */
    public static final class Builder {
        private @Nullable KeyStore trust;
        private @Nullable KeyStore identity;
        private @Nullable Secret keyPassword;

        private Builder() {}

        /** Trusts this certificate authority, or this very certificate, and those named before; no longer those of the Java installation. */
        public Builder trust(X509Certificate anchor) {
            try {
                if (trust == null) {
                    trust = KeyStore.getInstance("PKCS12");
                    trust.load(null, null);
                }
                trust.setCertificateEntry("anchor-" + (trust.size() + 1), Objects.requireNonNull(anchor, "anchor"));
                return this;
            } catch (GeneralSecurityException | IOException e) {
                throw new IllegalArgumentException(
                        "certificate of " + anchor.getSubjectX500Principal() + " cannot be a trust anchor: "
                                + e.getMessage(),
                        e);
            }
        }

        /**
         * Shows the certificate in this keystore when a server asks for one (mTLS).
         *
         * @param keystore loaded; the entry with a private key is used
         * @param password of the private key; not kept
         */
        public Builder keystore(KeyStore keystore, Secret password) {
            identity = Objects.requireNonNull(keystore, "keystore");
            keyPassword = Objects.requireNonNull(password, "password");
            return this;
        }

        /**
         * Builds.
         *
         * @throws IllegalArgumentException when a store cannot be used; the message says why
         */
        public Tls build() {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(keyManagers(), trustManagers(), null);
                return new Tls(context);
            } catch (GeneralSecurityException e) {
                throw new IllegalArgumentException("TLS cannot be set up: " + e.getMessage(), e);
            }
        }

        private TrustManager @Nullable [] trustManagers() throws GeneralSecurityException {
            if (trust == null) {
                return null;
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(trust);
            return factory.getTrustManagers();
        }

        private KeyManager @Nullable [] keyManagers() throws GeneralSecurityException {
            if (identity == null || keyPassword == null) {
                return null;
            }
            KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
            char[] password = InsecureSecretAccess.use(keyPassword, Builder::chars);
            try {
                factory.init(identity, password);
            } finally {
                Arrays.fill(password, '\0');
            }
            return factory.getKeyManagers();
        }

        private static char[] chars(byte[] utf8) {
            CharBuffer text = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(utf8));
            char[] chars = new char[text.remaining()];
            text.get(chars);
            Arrays.fill(text.array(), '\0');
            return chars;
        }
    }
}
