package io.intaglio.signing.key;

import io.intaglio.signing.secret.InsecureSecretAccess;
import io.intaglio.signing.secret.Secret;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.util.OpenSSHPrivateKeyUtil;
import org.bouncycastle.crypto.util.OpenSSHPublicKeyUtil;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.jspecify.annotations.Nullable;

/**
 * Reads what ssh-keygen writes (PROTOCOL.key of OpenSSH): Ed25519, RSA and EC, plain or encrypted. Looks at the cost
 * the file asks for before it pays it, and holds the key against the public key beside it.
 */
final class OpenSshKey {
    private static final byte[] MAGIC = "openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_ROUNDS = 256;

    private OpenSshKey() {}

    static SigningKey read(byte[] content, @Nullable Secret password) {
        Header header = header(content);
        if (!header.encrypted) {
            return opened(content, null, header);
        }
        if (password == null) {
            throw new KeyException("this is an encrypted OpenSSH private key and no password is given; "
                    + "use KeyReader.read(text, password)");
        }
        if (header.rounds < 1 || header.rounds > MAX_ROUNDS) {
            throw new KeyException("the encrypted OpenSSH private key asks for "
                    + Integer.toUnsignedString(header.rounds) + " bcrypt rounds, but at most " + MAX_ROUNDS
                    + " are done; encrypt it again with fewer: ssh-keygen -p -a 16");
        }
        return InsecureSecretAccess.use(password, bytes -> opened(content, bytes, header));
    }

    /** What stands before the private half. */
    private static final class Header {
        private final boolean encrypted;
        private final int rounds;
        private final byte[] publicKey;

        Header(boolean encrypted, int rounds, byte[] publicKey) {
            this.encrypted = encrypted;
            this.rounds = rounds;
            this.publicKey = publicKey;
        }
    }

    private static Header header(byte[] content) {
        if (!Arrays.equals(content, 0, Math.min(content.length, MAGIC.length), MAGIC, 0, MAGIC.length)) {
            throw PrivateKeys.damaged("its OpenSSH block does not start with openssh-key-v1");
        }
        ByteBuffer in = ByteBuffer.wrap(content, MAGIC.length, content.length - MAGIC.length);
        try {
            boolean encrypted = !Arrays.equals(field(in), "none".getBytes(StandardCharsets.US_ASCII));
            field(in); // the derivation; a cipher has bcrypt or nothing
            ByteBuffer options = ByteBuffer.wrap(field(in));
            int rounds = 0;
            if (encrypted) {
                field(options);
                rounds = options.getInt();
            }
            int keys = in.getInt();
            if (keys != 1) {
                throw new KeyException("the OpenSSH file holds " + Integer.toUnsignedString(keys)
                        + " private keys, but one is wanted; leave the one to sign with");
            }
            return new Header(encrypted, rounds, field(in));
        } catch (BufferUnderflowException e) {
            throw truncated();
        }
    }

    private static byte[] field(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw truncated();
        }
        byte[] field = new byte[length];
        in.get(field);
        return field;
    }

    private static KeyException truncated() {
        return PrivateKeys.damaged("its OpenSSH block ends early");
    }

    private static SigningKey opened(byte[] content, byte @Nullable [] password, Header header) {
        SigningKey key;
        try {
            AsymmetricKeyParameter read = password == null
                    ? OpenSSHPrivateKeyUtil.parsePrivateKeyBlob(content)
                    : OpenSSHPrivateKeyUtil.parsePrivateKeyBlob(content, password);
            key = read instanceof ECPrivateKeyParameters ec
                    ? ec(ec)
                    : PrivateKeys.of(PrivateKeyInfoFactory.createPrivateKeyInfo(read));
        } catch (KeyException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // a parser's message may show what it read, so it ends here
            throw password == null
                    ? PrivateKeys.damaged("what its OpenSSH block holds cannot be read")
                    : new KeyException("the password does not open the encrypted OpenSSH private key; "
                            + "check the password, or the file is damaged");
        }
        if (!MessageDigest.isEqual(header.publicKey, sshForm(key))) {
            key.close();
            throw PrivateKeys.damaged("the public key beside it belongs to another private key");
        }
        return key;
    }

    /** Bouncy Castle gives the numbers of the curve but not its name. */
    private static SigningKey ec(ECPrivateKeyParameters key) {
        for (EcCurve curve : EcCurve.values()) {
            if (curve.domain().getN().equals(key.getParameters().getN())) {
                return PrivateKeys.ec(
                        new ECPrivateKey(8 * curve.scalarLength(), key.getD()),
                        new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curve.oid()));
            }
        }
        throw new KeyException(
                "the OpenSSH private key is on a curve that is not supported; P-256, P-384 and secp256k1 are");
    }

    private static byte[] sshForm(SigningKey key) {
        try {
            return OpenSSHPublicKeyUtil.encodePublicKey(
                    PublicKeyFactory.createKey(key.publicKey().orElseThrow().getEncoded()));
        } catch (IOException | IllegalArgumentException e) {
            throw new KeyException("OpenSSH keys of this kind are not supported: " + key.kind());
        }
    }
}
