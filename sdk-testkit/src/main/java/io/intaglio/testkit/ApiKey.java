package io.intaglio.testkit;

import io.intaglio.signing.Credential;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** What a venue knows of one of its keys. The highest nonce is guarded by the lock of the house. */
final class ApiKey {
    private static final String ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private final String id;
    private final byte[] secretText;
    private final byte[] seed;
    private final String passphrase;
    private final @Nullable PublicKey publicKey;
    private long lastNonce;

    private ApiKey(String id, byte[] secretText, byte[] seed, String passphrase, @Nullable PublicKey publicKey) {
        this.id = id;
        this.secretText = secretText;
        this.seed = seed;
        this.passphrase = passphrase;
        this.publicKey = publicKey;
    }

    /** A key whose secret is its text. */
    static ApiKey text(SecureRandom random) {
        return hmac(random, alphanumeric(random, 64));
    }

    /** A key whose secret is given out as the base64 of 64 bytes. */
    static ApiKey base64(SecureRandom random) {
        byte[] bytes = new byte[64];
        random.nextBytes(bytes);
        return hmac(random, Base64.getEncoder().encodeToString(bytes));
    }

    static ApiKey ed25519(SecureRandom random) {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            byte[] seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
            return new ApiKey(alphanumeric(random, 64), new byte[0], seed, "", pair.getPublic());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no Ed25519", e);
        }
    }

    /** The same key id with another key of the same kind. */
    ApiKey forged(SecureRandom random) {
        byte[] other = new byte[64];
        random.nextBytes(other);
        return new ApiKey(id, Base64.getEncoder().encode(other), new byte[0], passphrase, null);
    }

    /** A new object each time: its holder may close it. */
    Credential credential() {
        if (publicKey != null) {
            return Credential.of(id, SigningKey.ed25519(seed.clone()));
        }
        return Credential.hmac(id, Secret.of(secretText.clone()))
                .with("passphrase", Secret.of(passphrase.getBytes(StandardCharsets.UTF_8)));
    }

    String id() {
        return id;
    }

    byte[] secretText() {
        return secretText;
    }

    byte[] secretFromBase64() {
        return Base64.getDecoder().decode(secretText);
    }

    byte[] passphrase() {
        return passphrase.getBytes(StandardCharsets.UTF_8);
    }

    @Nullable
    PublicKey publicKey() {
        return publicKey;
    }

    /** Whether the nonce, an unsigned number, is higher than all before; it is remembered if so. */
    boolean raise(long nonce) {
        if (Long.compareUnsigned(nonce, lastNonce) <= 0) {
            return false;
        }
        lastNonce = nonce;
        return true;
    }

    private static ApiKey hmac(SecureRandom random, String secret) {
        return known(alphanumeric(random, 40), secret, alphanumeric(random, 12));
    }

    /** A key from a venue's documentation. */
    static ApiKey known(String id, String secret, String passphrase) {
        return new ApiKey(id, secret.getBytes(StandardCharsets.UTF_8), new byte[0], passphrase, null);
    }

    /** A key pair of which the venue knows the public half. */
    static ApiKey ofPublic(String id, PublicKey publicKey) {
        return new ApiKey(id, new byte[0], new byte[0], "", publicKey);
    }

    static String alphanumeric(SecureRandom random, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(ALPHANUMERIC.charAt(random.nextInt(ALPHANUMERIC.length())));
        }
        return text.toString();
    }
}
