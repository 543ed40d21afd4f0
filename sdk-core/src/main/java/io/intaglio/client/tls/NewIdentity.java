package io.intaglio.client.tls;

import io.intaglio.signing.secret.Secret;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.bouncycastle.util.io.pem.PemObject;
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

    private final X500Name subject;
    private final KeyPair pair;

    private NewIdentity(X500Name subject, KeyPair pair) {
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
            return new NewIdentity(
                    X500Name.getInstance(new X500Principal(subject).getEncoded()), generator.generateKeyPair());
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
            return Secret.takeOver(
                    pem(KeystoreWriter.sealed(pair.getPrivate(), characters)).getBytes(StandardCharsets.US_ASCII));
        } catch (IOException | OperatorCreationException e) {
            throw new KeystoreException("the private key cannot be written: " + e.getMessage());
        } finally {
            if (characters != null) {
                Arrays.fill(characters, '\0');
            }
        }
    }

    /** The request for a certificate, which goes to the authority (PKCS#10, RFC 2986), in PEM. */
    public String request() {
        try {
            return pem(new PemObject(
                    "CERTIFICATE REQUEST",
                    new JcaPKCS10CertificationRequestBuilder(subject, pair.getPublic())
                            .build(new JcaContentSignerBuilder(signature()).build(pair.getPrivate()))
                            .getEncoded()));
        } catch (IOException | OperatorCreationException e) {
            throw new KeystoreException("the request cannot be written: " + e.getMessage());
        }
    }

    /** A certificate for the key, signed with the key itself, for tests: servers do not trust it unless they are told to. In PEM. */
    public String selfSigned(Instant from, Duration lasts) {
        try {
            return pem(new PemObject(
                    "CERTIFICATE",
                    new JcaX509v3CertificateBuilder(
                                    subject,
                                    new BigInteger(63, new SecureRandom()),
                                    Date.from(from),
                                    Date.from(from.plus(lasts)),
                                    subject,
                                    pair.getPublic())
                            .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                            .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                            .addExtension(
                                    Extension.extendedKeyUsage,
                                    false,
                                    new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth))
                            .build(new JcaContentSignerBuilder(signature()).build(pair.getPrivate()))
                            .getEncoded()));
        } catch (IOException | OperatorCreationException e) {
            throw new KeystoreException("the certificate cannot be written: " + e.getMessage());
        }
    }

    private String signature() {
        return pair.getPrivate().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    }

    private static String pem(PemObject object) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }

    /** The subject; nothing of the key. */
    @Override
    public String toString() {
        return "NewIdentity[" + subject + "]";
    }
}
