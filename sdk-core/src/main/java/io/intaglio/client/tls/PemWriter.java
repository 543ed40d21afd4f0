package io.intaglio.client.tls;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.jspecify.annotations.Nullable;

/** Keys, certificates and requests in PEM. */
final class PemWriter {
    private static final int ITERATIONS = 200_000;

    private PemWriter() {}

    /** PKCS#8, encrypted with AES-256 and PBKDF2 when there is a password. */
    static String key(PrivateKey key, char @Nullable [] password) {
        try {
            if (password == null) {
                return text(new PemObject("PRIVATE KEY", key.getEncoded()));
            }
            return text(new JcaPKCS8Generator(
                            key,
                            new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                                    .setProvider(new BouncyCastleProvider())
                                    .setPRF(PKCS8Generator.PRF_HMACSHA256)
                                    .setIterationCount(ITERATIONS)
                                    .setPassword(password)
                                    .build())
                    .generate());
        } catch (IOException | OperatorCreationException e) {
            throw new KeystoreException("the private key cannot be written: " + e.getMessage());
        }
    }

    static String certificate(X509Certificate certificate) {
        try {
            return text(new PemObject("CERTIFICATE", certificate.getEncoded()));
        } catch (IOException | GeneralSecurityException e) {
            throw new KeystoreException(
                    "the certificate of " + Certificates.name(certificate) + " cannot be written: " + e.getMessage());
        }
    }

    /** PKCS#10, RFC 2986. */
    static String request(X500Principal subject, KeyPair pair) {
        try {
            return text(new PemObject(
                    "CERTIFICATE REQUEST",
                    new JcaPKCS10CertificationRequestBuilder(subject, pair.getPublic())
                            .build(new JcaContentSignerBuilder(signature(pair)).build(pair.getPrivate()))
                            .getEncoded()));
        } catch (IOException | OperatorCreationException e) {
            throw new KeystoreException("the request cannot be written: " + e.getMessage());
        }
    }

    /** For a client. */
    static String selfSigned(X500Principal subject, KeyPair pair, Instant from, Duration lasts) {
        X500Name name = X500Name.getInstance(subject.getEncoded());
        try {
            return text(new PemObject(
                    "CERTIFICATE",
                    new JcaX509v3CertificateBuilder(
                                    name,
                                    new BigInteger(63, new SecureRandom()),
                                    Date.from(from),
                                    Date.from(from.plus(lasts)),
                                    name,
                                    pair.getPublic())
                            .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                            .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                            .addExtension(
                                    Extension.extendedKeyUsage,
                                    false,
                                    new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth))
                            .build(new JcaContentSignerBuilder(signature(pair)).build(pair.getPrivate()))
                            .getEncoded()));
        } catch (IOException | OperatorCreationException e) {
            throw new KeystoreException("the certificate cannot be written: " + e.getMessage());
        }
    }

    private static String signature(KeyPair pair) {
        return pair.getPrivate().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    }

    private static String text(PemObject object) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }
}
