package io.intaglio.signing.key;

import io.intaglio.signing.secret.InsecureSecretAccess;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.secret.SecretStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidParameterException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.security.cert.Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import javax.crypto.SecretKey;

/**
 * A PKCS#11 token (HSM, smart card, SoftHSM) through the JDK's SunPKCS11. Its keys sign inside it: HMAC, RSA and ECDSA;
 * SunPKCS11 knows no Ed25519.
 *
 * <pre>{@code
 * Pkcs11Token token = Pkcs11Token.open(Path.of("/etc/desk/token.cfg"), pin);
 * Credential desk = Credential.of("Q1sL...", token.key("desk-7"));
 * }</pre>
 *
 * <p>The file is SunPKCS11's configuration ({@code name}, {@code library}, {@code slotListIndex} or {@code slot}). The
 * PIN is given to the token once, in {@link #open}; a PIN that it refuses is not given again, because tokens lock after
 * a few. Thread-safe.
 */
public final class Pkcs11Token {
    private final Path config;
    private final Provider provider;
    private final KeyStore keys;

    private Pkcs11Token(Path config, Provider provider, KeyStore keys) {
        this.config = config;
        this.provider = provider;
        this.keys = keys;
    }

    /**
     * Logs in to the token.
     *
     * @throws KeyException when the file or the library is missing, there is no token, or it refuses the PIN
     */
    public static Pkcs11Token open(Path config, Secret pin) {
        if (!Files.isRegularFile(config)) {
            throw new KeyException("PKCS#11 configuration " + config + " does not exist or is no file; check the path");
        }
        Provider provider = provider(config);
        char[] characters = InsecureSecretAccess.use(pin, Pkcs11Token::characters);
        try {
            KeyStore keys = KeyStore.getInstance("PKCS11", provider);
            keys.load(null, characters);
            return new Pkcs11Token(config, provider, keys);
        } catch (IOException e) {
            throw new KeyException("the token of " + config + " refuses the login (" + fault(e)
                    + "); check the PIN before you try again, since tokens lock after a few wrong ones");
        } catch (GeneralSecurityException | ProviderException e) {
            throw new KeyException("the token of " + config + " cannot be used (" + fault(e)
                    + "); check that it is present and initialised");
        } finally {
            Arrays.fill(characters, '\0');
        }
    }

    /**
     * A key by reference: {@code pkcs11:CONFIG#ALIAS}, with the PIN from the source that the store was told for the
     * configuration file.
     *
     * @throws KeyException as {@link #open} and {@link #key}
     */
    public static SigningKey key(SecretStore store, String reference) {
        int hash = reference.lastIndexOf('#');
        if (!reference.startsWith("pkcs11:") || hash < 8 || hash == reference.length() - 1) {
            throw new KeyException("a token's key is given as pkcs11:/path/to/config#ALIAS");
        }
        Path config = Path.of(reference.substring(7, hash));
        try (Secret pin = store.password(config)) {
            return open(config, pin).key(reference.substring(hash + 1));
        }
    }

    private static Provider provider(Path config) {
        Provider plain = Security.getProvider("SunPKCS11");
        if (plain == null) {
            throw new KeyException("this JDK has no provider SunPKCS11; use one with the module jdk.crypto.cryptoki");
        }
        try {
            return plain.configure(config.toString());
        } catch (InvalidParameterException | ProviderException e) {
            throw new KeyException("PKCS#11 configuration " + config + " is not accepted (" + fault(e)
                    + "); check its lines name, library and slotListIndex");
        }
    }

    /** The innermost cause, which is a PKCS#11 name such as CKR_PIN_INCORRECT, or the class when it is none. */
    private static String fault(Throwable e) {
        Throwable inner = e;
        while (inner.getCause() != null) {
            inner = inner.getCause();
        }
        String message = inner.getMessage();
        return message != null && message.matches("CKR_[A-Z0-9_]+")
                ? message
                : inner.getClass().getSimpleName();
    }

    private static char[] characters(byte[] utf8) {
        CharBuffer decoded = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(utf8));
        char[] characters = new char[decoded.remaining()];
        decoded.get(characters);
        Arrays.fill(decoded.array(), '\0');
        return characters;
    }

    /** The aliases of the token, in its order. */
    public List<String> aliases() {
        try {
            return Collections.list(keys.aliases());
        } catch (GeneralSecurityException e) {
            throw new KeyException("the token of " + config + " does not list its keys (" + fault(e) + ")");
        }
    }

    /**
     * A key that signs inside the token. A private key needs a certificate beside it, or SunPKCS11 does not show it.
     *
     * @throws KeyException when there is none under this alias, or it is of a kind that is not supported
     */
    public SigningKey key(String alias) {
        try {
            Key key = keys.getKey(alias, null);
            if (key instanceof SecretKey secret) {
                return new SigningKey(KeyKind.SECRET, new TokenHmacSigner(provider, secret));
            }
            if (key instanceof PrivateKey privateKey) {
                // a key that may not leave the token shows nothing, so its public half tells kind and size
                Certificate certificate = keys.getCertificate(alias);
                return PrivateKeys.token(
                        privateKey, certificate == null ? privateKey : certificate.getPublicKey(), provider);
            }
            List<String> aliases = aliases();
            throw new KeyException("the token of " + config + " has no key " + alias + "; it has "
                    + (aliases.isEmpty() ? "none" : String.join(", ", aliases)));
        } catch (GeneralSecurityException | ProviderException e) {
            throw new KeyException(
                    "the token of " + config + " does not give the key " + alias + " (" + fault(e) + ")");
        }
    }

    /** For TLS: the token's certificates and keys; the keys stay in the token. */
    public KeyStore keyStore() {
        return keys;
    }

    /** The configuration's name. */
    @Override
    public String toString() {
        return "Pkcs11Token[" + config + "]";
    }
}
