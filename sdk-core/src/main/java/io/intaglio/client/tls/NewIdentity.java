package io.intaglio.client.tls;

import io.intaglio.signing.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** A new key pair for a client's certificate, and the request for it. */
public final class NewIdentity {

    /** Kinds of keys that servers take. */
    public enum KeyType {
        /** ECDSA on P-256: small and quick. */
        EC_P256,
        /** ECDSA on P-384. */
        EC_P384,
        /** RSA of 3072 bits, where an authority takes nothing else. */
        RSA_3072
    }

    private final X500Principal subject;
    private final KeyPair pair;

    private NewIdentity(X500Principal subject, KeyPair pair) {
        this.subject = subject;
        this.pair = pair;
    }

    /**
     * Generates a key pair.
     *
     * @param subject such as {@code CN=desk-7,O=Desk,C=CH}
     * @throws KeystoreException when the subject is no X.500 name
     */
    public static NewIdentity generate(KeyType type, String subject) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(type == KeyType.RSA_3072 ? "RSA" : "EC");
            switch (type) {
                case EC_P256 -> generator.initialize(new ECGenParameterSpec("secp256r1"), new SecureRandom());
                case EC_P384 -> generator.initialize(new ECGenParameterSpec("secp384r1"), new SecureRandom());
                case RSA_3072 -> generator.initialize(3072, new SecureRandom());
            }
            return new NewIdentity(new X500Principal(subject), generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new KeystoreException("this Java makes no " + type + " keys: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new KeystoreException("'" + subject + "' is no X.500 name; wanted one such as CN=desk-7,O=Desk,C=CH");
        }
    }

    /** The private key as PKCS#8 in PEM, encrypted when there is a password. The caller closes it. */
    public Secret key(@Nullable Secret password) {
        char[] characters = KeystoreReader.characters(password == null ? null : () -> password, false);
        try {
            return Secret.takeOver(PemWriter.key(pair.getPrivate(), characters).getBytes(StandardCharsets.US_ASCII));
        } finally {
            if (characters != null) {
                Arrays.fill(characters, '\0');
            }
        }
    }

    /** The request for a certificate, which goes to the authority (PKCS#10, RFC 2986), in PEM. */
    public String request() {
        return PemWriter.request(subject, pair);
    }

    /** A certificate for the key, signed with the key itself, for tests: servers do not trust it unless they are told to. In PEM. */
    public String selfSigned(Instant from, Duration lasts) {
        return PemWriter.selfSigned(subject, pair, from, lasts);
    }

    /** The subject; nothing of the key. */
    @Override
    public String toString() {
        return "NewIdentity[" + subject + "]";
    }
}
