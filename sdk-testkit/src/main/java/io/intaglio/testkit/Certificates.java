package io.intaglio.testkit;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A small public key infrastructure of ECDSA P-256 keys, made afresh for each venue: a root, a server certificate and a client's. */
final class Certificates {
    static final String PASSWORD = "changeit";

    private final SecureRandom random;
    private final X509Certificate root;
    private final PrivateKey rootKey;
    private final KeyStore server;
    private final KeyStore client;

    Certificates(SecureRandom random) {
        this.random = random;
        try {
            KeyPair rootPair = keyPair();
            X500Name rootName = new X500Name("CN=Intaglio simulated venue root");
            X509v3CertificateBuilder builder = builder(rootName, rootName, rootPair)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            this.rootKey = rootPair.getPrivate();
            this.root = sign(builder, rootKey);
            GeneralNames names = new GeneralNames(new GeneralName[] {
                new GeneralName(GeneralName.dNSName, "localhost"), new GeneralName(GeneralName.iPAddress, "127.0.0.1")
            });
            KeyPair serverPair = keyPair();
            X509v3CertificateBuilder forServer = leaf("CN=localhost", serverPair, KeyPurposeId.id_kp_serverAuth)
                    .addExtension(Extension.subjectAlternativeName, false, names);
            this.server = keyStore("server", serverPair.getPrivate(), sign(forServer, rootKey));
            this.client = newClient();
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("cannot make the simulated venue's certificates", e);
        }
    }

    X509Certificate root() {
        return root;
    }

    /** A new store on each call, so that nobody changes another's. */
    KeyStore trustStore() {
        try {
            KeyStore store = emptyStore();
            store.setCertificateEntry("simulated-venue", root);
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this JDK cannot make a PKCS#12 keystore", e);
        }
    }

    /** A store with an entry {@code client} whose key and certificate nobody else has. */
    KeyStore newClientKeyStore() {
        try {
            return newClient();
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("cannot make a certificate", e);
        }
    }

    private KeyStore newClient() throws GeneralSecurityException, OperatorCreationException, IOException {
        KeyPair pair = keyPair();
        X509v3CertificateBuilder forClient = leaf("CN=simulated client", pair, KeyPurposeId.id_kp_clientAuth);
        return keyStore("client", pair.getPrivate(), sign(forClient, rootKey));
    }

    KeyStore clientKeyStore() {
        try {
            KeyStore store = emptyStore();
            store.setKeyEntry(
                    "client",
                    client.getKey("client", PASSWORD.toCharArray()),
                    PASSWORD.toCharArray(),
                    client.getCertificateChain("client"));
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this JDK cannot make a PKCS#12 keystore", e);
        }
    }

    SSLContext serverContext() {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(server, PASSWORD.toCharArray());
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trustStore());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), random);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot serve TLS", e);
        }
    }

    private X509v3CertificateBuilder leaf(String name, KeyPair pair, KeyPurposeId purpose) throws IOException {
        return builder(X500Name.getInstance(root.getSubjectX500Principal().getEncoded()), new X500Name(name), pair)
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
    }

    /** Certificates are checked against the real time, whatever clock the venue has. */
    private X509v3CertificateBuilder builder(X500Name issuer, X500Name subject, KeyPair pair) {
        Instant now = InstantSource.system().instant();
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(127, random).setBit(126),
                Date.from(now.minus(Duration.ofDays(1))),
                Date.from(now.plus(Duration.ofDays(30))),
                subject,
                pair.getPublic());
    }

    private KeyPair keyPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator.generateKeyPair();
    }

    private KeyStore keyStore(String alias, PrivateKey key, X509Certificate certificate)
            throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        store.setKeyEntry(alias, key, PASSWORD.toCharArray(), new Certificate[] {certificate, root});
        return store;
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    }
}
