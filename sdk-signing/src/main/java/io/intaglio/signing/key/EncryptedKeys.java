package io.intaglio.signing.key;

import io.intaglio.signing.secret.InsecureSecretAccess;
import io.intaglio.signing.secret.Secret;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.misc.MiscObjectIdentifiers;
import org.bouncycastle.asn1.misc.ScryptParams;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.generators.SCrypt;

/**
 * Opens encrypted PKCS#8 (PBES2, RFC 8018). Looks at the cost the file asks for before it pays it. Derives keys from
 * the password's UTF-8, as OpenSSL does; Bouncy Castle's own reader takes single bytes where the file leaves the hash
 * out.
 */
final class EncryptedKeys {
    private static final int ITERATIONS = 600_000;
    private static final int MAX_ITERATIONS = 10_000_000;
    private static final long MAX_SCRYPT_BYTES = 1L << 28;
    private static final int MAX_SCRYPT_PARALLEL = 16;

    private EncryptedKeys() {}

    static PrivateKeyInfo open(EncryptedPrivateKeyInfo encrypted, Secret password) {
        PBES2Parameters parameters = parameters(encrypted);
        ASN1ObjectIdentifier cipher = parameters.getEncryptionScheme().getAlgorithm();
        int keyLength = keyLength(cipher);
        byte[] key = key(parameters, keyLength, password);
        byte[] plain = new byte[0];
        try {
            ASN1Encodable vector = parameters.getEncryptionScheme().getParameters();
            String algorithm = cipher.equals(PKCSObjectIdentifiers.des_EDE3_CBC) ? "DESede" : "AES";
            Cipher decryption = Cipher.getInstance(algorithm + "/CBC/PKCS5Padding");
            decryption.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(key, algorithm),
                    new IvParameterSpec(ASN1OctetString.getInstance(vector).getOctets()));
            plain = decryption.doFinal(encrypted.getEncryptedData());
            return PrivateKeyInfo.getInstance(plain);
        } catch (GeneralSecurityException | RuntimeException e) {
            // the cause may show decrypted bytes, so it ends here
            throw new KeyException(
                    "the password does not open the encrypted private key; check the password, or the file is damaged");
        } finally {
            Arrays.fill(key, (byte) 0);
            Arrays.fill(plain, (byte) 0);
        }
    }

    /** Encrypts as {@link #open} reads it: AES-256-CBC under 600,000 iterations of PBKDF2 over HMAC-SHA256. */
    static byte[] seal(byte[] pkcs8, Secret password) {
        byte[] salt = new byte[16];
        byte[] vector = new byte[16];
        SecureRandom random = new SecureRandom();
        random.nextBytes(salt);
        random.nextBytes(vector);
        PBKDF2Params cost = new PBKDF2Params(
                salt,
                ITERATIONS,
                32,
                new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256, DERNull.INSTANCE));
        PBES2Parameters parameters = new PBES2Parameters(
                new KeyDerivationFunc(PKCSObjectIdentifiers.id_PBKDF2, cost),
                new EncryptionScheme(NISTObjectIdentifiers.id_aes256_CBC, new DEROctetString(vector)));
        byte[] key = key(parameters, 32, password);
        try {
            Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(vector));
            return new EncryptedPrivateKeyInfo(
                            new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBES2, parameters), cipher.doFinal(pkcs8))
                    .getEncoded("DER");
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("AES-CBC is not supported by this JDK", e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private static PBES2Parameters parameters(EncryptedPrivateKeyInfo encrypted) {
        ASN1ObjectIdentifier scheme = encrypted.getEncryptionAlgorithm().getAlgorithm();
        if (!scheme.equals(PKCSObjectIdentifiers.id_PBES2)) {
            throw new KeyException("the private key is encrypted in an outdated form (" + scheme
                    + "); convert it with: openssl pkcs8 -topk8 -v2 aes-256-cbc -in old.pem -out new.pem");
        }
        try {
            return PBES2Parameters.getInstance(
                    encrypted.getEncryptionAlgorithm().getParameters());
        } catch (RuntimeException e) {
            throw unreadable();
        }
    }

    private static KeyException unreadable() {
        return new KeyException("the encrypted private key is damaged: its parameters cannot be read");
    }

    private static int keyLength(ASN1ObjectIdentifier cipher) {
        if (cipher.equals(NISTObjectIdentifiers.id_aes128_CBC)) {
            return 16;
        }
        if (cipher.equals(NISTObjectIdentifiers.id_aes192_CBC) || cipher.equals(PKCSObjectIdentifiers.des_EDE3_CBC)) {
            return 24;
        }
        if (cipher.equals(NISTObjectIdentifiers.id_aes256_CBC)) {
            return 32;
        }
        throw new KeyException("the private key is encrypted with the cipher " + cipher
                + ", but AES and triple DES in CBC mode are supported; "
                + "convert it with: openssl pkcs8 -topk8 -v2 aes-256-cbc");
    }

    private static byte[] key(PBES2Parameters parameters, int keyLength, Secret password) {
        ASN1ObjectIdentifier derivation = parameters.getKeyDerivationFunc().getAlgorithm();
        ASN1Encodable cost = parameters.getKeyDerivationFunc().getParameters();
        try {
            if (derivation.equals(PKCSObjectIdentifiers.id_PBKDF2)) {
                return pbkdf2(PBKDF2Params.getInstance(cost), keyLength, password);
            }
            if (derivation.equals(MiscObjectIdentifiers.id_scrypt)) {
                return scrypt(ScryptParams.getInstance(cost), keyLength, password);
            }
        } catch (KeyException e) {
            throw e;
        } catch (GeneralSecurityException | RuntimeException e) {
            throw unreadable();
        }
        throw new KeyException("the private key is encrypted with the key derivation " + derivation
                + ", but PBKDF2 and scrypt are supported");
    }

    private static byte[] pbkdf2(PBKDF2Params cost, int keyLength, Secret password) throws GeneralSecurityException {
        BigInteger iterations = cost.getIterationCount();
        if (iterations.signum() <= 0 || iterations.compareTo(BigInteger.valueOf(MAX_ITERATIONS)) > 0) {
            throw new KeyException("the encrypted private key asks for " + shown(iterations)
                    + " PBKDF2 iterations, but at most " + MAX_ITERATIONS + " are done; encrypt it again with fewer");
        }
        SecretKeyFactory factory = SecretKeyFactory.getInstance(
                "PBKDF2WithHmac" + hash(cost.getPrf().getAlgorithm()));
        char[] characters = InsecureSecretAccess.use(password, EncryptedKeys::characters);
        PBEKeySpec given = new PBEKeySpec(characters, cost.getSalt(), iterations.intValueExact(), keyLength * 8);
        try {
            return factory.generateSecret(given).getEncoded();
        } finally {
            given.clearPassword();
            Arrays.fill(characters, '\0');
        }
    }

    private static String hash(ASN1ObjectIdentifier prf) {
        if (prf.equals(PKCSObjectIdentifiers.id_hmacWithSHA1)) {
            return "SHA1";
        }
        if (prf.equals(PKCSObjectIdentifiers.id_hmacWithSHA224)) {
            return "SHA224";
        }
        if (prf.equals(PKCSObjectIdentifiers.id_hmacWithSHA256)) {
            return "SHA256";
        }
        if (prf.equals(PKCSObjectIdentifiers.id_hmacWithSHA384)) {
            return "SHA384";
        }
        if (prf.equals(PKCSObjectIdentifiers.id_hmacWithSHA512)) {
            return "SHA512";
        }
        throw new KeyException("the private key is encrypted with PBKDF2 over " + prf
                + ", but HMAC with SHA-1 and SHA-2 is supported; "
                + "convert it with: openssl pkcs8 -topk8 -v2 aes-256-cbc");
    }

    private static char[] characters(byte[] utf8) {
        CharBuffer decoded = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(utf8));
        char[] characters = new char[decoded.remaining()];
        decoded.get(characters);
        Arrays.fill(decoded.array(), '\0');
        return characters;
    }

    private static byte[] scrypt(ScryptParams cost, int keyLength, Secret password) {
        BigInteger n = cost.getCostParameter();
        BigInteger r = cost.getBlockSize();
        BigInteger p = cost.getParallelizationParameter();
        BigInteger memory = n.multiply(r).shiftLeft(7);
        boolean sound = n.compareTo(BigInteger.ONE) > 0 && n.bitCount() == 1 && r.signum() > 0 && p.signum() > 0;
        if (!sound
                || memory.compareTo(BigInteger.valueOf(MAX_SCRYPT_BYTES)) > 0
                || p.compareTo(BigInteger.valueOf(MAX_SCRYPT_PARALLEL)) > 0) {
            throw new KeyException("the encrypted private key asks for scrypt with N " + shown(n) + ", r " + shown(r)
                    + " and p " + shown(p) + ", but at most 256 MiB of memory and p " + MAX_SCRYPT_PARALLEL
                    + " are spent; encrypt it again with less");
        }
        return InsecureSecretAccess.use(
                password,
                utf8 -> SCrypt.generate(
                        utf8, cost.getSalt(), n.intValueExact(), r.intValueExact(), p.intValueExact(), keyLength));
    }

    private static String shown(BigInteger number) {
        return number.bitLength() > 63 ? "over 2^63" : number.toString();
    }
}
