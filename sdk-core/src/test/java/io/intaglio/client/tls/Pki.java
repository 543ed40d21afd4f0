package io.intaglio.client.tls;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates of every kind, right and wrong, made with Bouncy Castle. */
final class Pki {
    private static final AtomicLong SERIAL = new AtomicLong(0x1000);
    private static final Map<String, KeyPair> KEYS = new ConcurrentHashMap<>();

    private Pki() {}

    /** A certificate with its key and those that issued it, the own first; the root is the last. */
    record Issued(List<X509Certificate> chain, PrivateKey key) {
        X509Certificate certificate() {
            return chain.get(0);
        }

        X509Certificate root() {
            return chain.get(chain.size() - 1);
        }

        /** What a server sends: all but the root. */
        List<X509Certificate> withoutRoot() {
            return chain.size() == 1 ? chain : chain.subList(0, chain.size() - 1);
        }

        Issued issue(UnaryOperator<Spec> changes) {
            return Pki.issue(this, changes.apply(new Spec()));
        }
    }

    /** What a certificate says; a good server certificate for localhost unless changed. */
    static final class Spec {
        private String subject = "CN=venue";
        private String key = "EC:secp256r1";
        private String signature = "";
        private Instant from = Instant.now().minus(Duration.ofDays(1));
        private Instant until = Instant.now().plus(Duration.ofDays(60));
        private List<GeneralName> names = List.of(dns("localhost"), ip("127.0.0.1"));
        private KeyPurposeId[] uses = {KeyPurposeId.id_kp_serverAuth};
        private BasicConstraints constraints = new BasicConstraints(false);
        private int usage = KeyUsage.digitalSignature;
        private NameConstraints nameConstraints;
        private String unknownCritical;
        private PrivateKey wrongIssuerKey;

        Spec subject(String name) {
            subject = name;
            return this;
        }

        /** {@code RSA:2048}, {@code EC:secp256r1}, {@code Ed25519}. */
        Spec key(String kind) {
            key = kind;
            return this;
        }

        Spec signature(String algorithm) {
            signature = algorithm;
            return this;
        }

        Spec valid(Duration fromNow, Duration untilNow) {
            from = Instant.now().plus(fromNow);
            until = Instant.now().plus(untilNow);
            return this;
        }

        Spec names(GeneralName... given) {
            names = List.of(given);
            return this;
        }

        Spec uses(KeyPurposeId... given) {
            uses = given;
            return this;
        }

        Spec usage(int bits) {
            usage = bits;
            return this;
        }

        /** An authority with this path length, -1 for none. */
        Spec ca(int pathLength) {
            constraints = pathLength < 0 ? new BasicConstraints(true) : new BasicConstraints(pathLength);
            usage = KeyUsage.keyCertSign | KeyUsage.cRLSign | KeyUsage.digitalSignature;
            uses = new KeyPurposeId[0];
            names = List.of();
            return this;
        }

        Spec constraints(BasicConstraints given) {
            constraints = given;
            return this;
        }

        Spec permits(String domain) {
            nameConstraints =
                    new NameConstraints(new GeneralSubtree[] {new GeneralSubtree(dns(domain))}, new GeneralSubtree[0]);
            return this;
        }

        Spec unknownCritical(String oid) {
            unknownCritical = oid;
            return this;
        }

        Spec signedBy(PrivateKey other) {
            wrongIssuerKey = other;
            return this;
        }
    }

    static GeneralName dns(String name) {
        return new GeneralName(GeneralName.dNSName, name);
    }

    static GeneralName ip(String address) {
        return new GeneralName(GeneralName.iPAddress, address);
    }

    static Issued root(String name) {
        return issue(null, new Spec().subject("CN=" + name).ca(-1));
    }

    static Issued selfSigned(UnaryOperator<Spec> changes) {
        return issue(null, changes.apply(new Spec()));
    }

    /** Keys of the slow kinds are made once for each name. */
    static KeyPair keyPair(String kind) {
        String[] parts = kind.split(":", -1);
        return parts[0].equals("RSA") ? KEYS.computeIfAbsent(kind, same -> newPair(parts)) : newPair(parts);
    }

    private static KeyPair newPair(String[] parts) {
        try {
            boolean rare = parts.length > 1 && !parts[1].matches("secp(256|384|521)r1|[0-9]+");
            KeyPairGenerator generator = rare
                    ? KeyPairGenerator.getInstance(parts[0], new BouncyCastleProvider())
                    : KeyPairGenerator.getInstance(parts[0]);
            if (parts[0].equals("RSA")) {
                generator.initialize(Integer.parseInt(parts[1]));
            } else if (parts[0].equals("EC")) {
                generator.initialize(new ECGenParameterSpec(parts[1]), new SecureRandom());
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static Issued issue(Issued issuer, Spec spec) {
        KeyPair pair = keyPair(spec.key);
        PrivateKey signer =
                spec.wrongIssuerKey != null ? spec.wrongIssuerKey : issuer == null ? pair.getPrivate() : issuer.key();
        X500Name name = new X500Name(spec.subject);
        X500Name issuerName = issuer == null
                ? name
                : X500Name.getInstance(
                        issuer.certificate().getSubjectX500Principal().getEncoded());
        X509Certificate made = certificate(issuerName, name, pair.getPublic(), signer, spec);
        List<X509Certificate> chain = new ArrayList<>(List.of(made));
        if (issuer != null) {
            chain.addAll(issuer.chain());
        }
        return new Issued(List.copyOf(chain), pair.getPrivate());
    }

    private static X509Certificate certificate(
            X500Name issuer, X500Name subject, PublicKey key, PrivateKey signer, Spec spec) {
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuer,
                    BigInteger.valueOf(SERIAL.incrementAndGet()),
                    Date.from(spec.from),
                    Date.from(spec.until),
                    subject,
                    key);
            if (spec.constraints != null) {
                builder.addExtension(Extension.basicConstraints, true, spec.constraints);
            }
            if (spec.usage != 0) {
                builder.addExtension(Extension.keyUsage, true, new KeyUsage(spec.usage));
            }
            if (spec.uses.length > 0) {
                builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(spec.uses));
            }
            if (!spec.names.isEmpty()) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(spec.names.toArray(new GeneralName[0])));
            }
            if (spec.nameConstraints != null) {
                builder.addExtension(Extension.nameConstraints, true, spec.nameConstraints);
            }
            if (spec.unknownCritical != null) {
                builder.addExtension(new ASN1ObjectIdentifier(spec.unknownCritical), true, DERNull.INSTANCE);
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(
                            new JcaContentSignerBuilder(spec.signature.isEmpty() ? signatureOf(signer) : spec.signature)
                                    .setProvider(new BouncyCastleProvider())
                                    .build(signer)));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static String signatureOf(PrivateKey key) {
        return switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC", "ECDSA" -> "SHA256withECDSA";
            default -> "Ed25519";
        };
    }

    /** A revocation list of an authority. */
    static X509CRL crl(Issued authority, X509Certificate... revoked) {
        try {
            Instant now = Instant.now();
            X509v2CRLBuilder builder = new X509v2CRLBuilder(
                    X500Name.getInstance(
                            authority.certificate().getSubjectX500Principal().getEncoded()),
                    Date.from(now.minusSeconds(60)));
            builder.setNextUpdate(Date.from(now.plusSeconds(3600)));
            for (X509Certificate each : revoked) {
                builder.addCRLEntry(each.getSerialNumber(), Date.from(now.minusSeconds(600)), CRLReason.keyCompromise);
            }
            return new JcaX509CRLConverter()
                    .getCRL(builder.build(new JcaContentSignerBuilder(signatureOf(authority.key()))
                            .setProvider(new BouncyCastleProvider())
                            .build(authority.key())));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
