package io.intaglio.signing.key;

import io.intaglio.signing.secret.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;

/**
 * The one way to the private bytes of a {@link SigningKey}, for tools that generate and convert keys. Search a code base for this name to find
 * every place that takes a key out. A shared secret, a token's key and a remote key do not come out here.
 */
public final class InsecureKeyExport {
    private InsecureKeyExport() {}

    /**
     * PKCS#8 in DER. The caller closes it.
     *
     * @throws KeyException when the key does not come out
     */
    public static Secret pkcs8(SigningKey key) {
        return Secret.takeOver(der(key));
    }

    /**
     * PKCS#8 in PEM, not encrypted. The caller closes it.
     *
     * @throws KeyException when the key does not come out
     */
    public static Secret pem(SigningKey key) {
        byte[] der = der(key);
        try {
            return armoured("PRIVATE KEY", der);
        } finally {
            Arrays.fill(der, (byte) 0);
        }
    }

    /**
     * Encrypted PKCS#8 in PEM: PBES2 with AES-256-CBC and 600,000 iterations of PBKDF2 over HMAC-SHA256, which OpenSSL and
     * {@link KeyReader} read. The caller closes it.
     *
     * @throws KeyException when the key does not come out, or the password is empty
     */
    public static Secret pem(SigningKey key, Secret password) {
        if (password.length() == 0) {
            throw new KeyException("the password for the private key is empty; give one");
        }
        byte[] der = der(key);
        try {
            return armoured("ENCRYPTED PRIVATE KEY", EncryptedKeys.seal(der, password));
        } finally {
            Arrays.fill(der, (byte) 0);
        }
    }

    /**
     * The 32 bytes of an Ed25519 seed. The caller closes it.
     *
     * @throws KeyException when the key is of another kind or does not come out
     */
    public static Secret seed(SigningKey key) {
        if (key.kind() != KeyKind.ED25519) {
            throw new KeyException("only an Ed25519 key has a seed, but this is " + key.kind());
        }
        try {
            return Secret.takeOver(
                    ASN1OctetString.getInstance(info(key).parsePrivateKey()).getOctets());
        } catch (IOException e) {
            throw new UncheckedIOException("a key in memory could not be read", e);
        }
    }

    private static byte[] der(SigningKey key) {
        try {
            return info(key).getEncoded("DER");
        } catch (IOException e) {
            throw new UncheckedIOException("a key could not be encoded in memory", e);
        }
    }

    private static PrivateKeyInfo info(SigningKey key) {
        return key.privateKey()
                .orElseThrow(() -> new KeyException("this key does not come out: it is "
                        + (key.kind() == KeyKind.SECRET
                                ? key.kind() + ", not a private key"
                                : key.kind() + " held elsewhere")));
    }

    private static Secret armoured(String label, byte[] der) {
        byte[] lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encode(der);
        byte[] head = ("-----BEGIN " + label + "-----\n").getBytes(StandardCharsets.US_ASCII);
        byte[] foot = ("\n-----END " + label + "-----\n").getBytes(StandardCharsets.US_ASCII);
        byte[] text = Arrays.copyOf(head, head.length + lines.length + foot.length);
        System.arraycopy(lines, 0, text, head.length, lines.length);
        System.arraycopy(foot, 0, text, head.length + lines.length, foot.length);
        Arrays.fill(lines, (byte) 0);
        return Secret.takeOver(text);
    }
}
