package io.intaglio.client.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.secret.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keystores that are wrong, each in one way that integrators meet, and the sentence that each gets. */
class BrokenKeystoresTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final String PASSWORD = "correct horse";
    private static final Pki.Issued ROOT = Pki.root("Desk root");
    private static final Pki.Issued ISSUING =
            ROOT.issue(spec -> spec.subject("CN=Desk issuing").ca(0));
    private static final Pki.Issued DESK = client(ISSUING, "desk-7");
    private static final Pki.Issued OTHER = client(ISSUING, "desk-8");

    private static Pki.Issued client(Pki.Issued issuer, String name) {
        return issuer.issue(spec -> spec.subject("CN=" + name).names().uses(KeyPurposeId.id_kp_clientAuth));
    }

    @TempDir
    static Path folder;

    /** Makes the file and says how it is used. */
    private interface Making {
        Keystore in(Path file) throws Exception;
    }

    record Case(String name, Making making, boolean forTrust, String sentence) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Case identity(String name, Making making, String sentence) {
        return new Case(name, making, false, sentence);
    }

    private static Case trust(String name, Making making, String sentence) {
        return new Case(name, making, true, sentence);
    }

    // ---- making files

    private static Keystore written(Path file, byte[] content) throws IOException {
        Files.write(file, content);
        return Keystore.file(file);
    }

    private static Keystore text(Path file, String content) throws IOException {
        return written(file, content.getBytes(StandardCharsets.UTF_8));
    }

    private static Keystore opened(Keystore keystore) {
        return keystore.password(secret(PASSWORD));
    }

    private static Secret secret(String text) {
        return Secret.takeOver(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String pem(Object... contents) throws IOException {
        java.io.StringWriter text = new java.io.StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            for (Object each : contents) {
                writer.writeObject(
                        each instanceof PrivateKey key
                                ? new org.bouncycastle.util.io.pem.PemObject("PRIVATE KEY", key.getEncoded())
                                : each);
            }
        }
        return text.toString();
    }

    private static String encrypted(PrivateKey key, String password) throws Exception {
        return pem(new JcaPKCS8Generator(
                key,
                new JceOpenSSLPKCS8EncryptorBuilder(JcaPKCS8Generator.AES_256_CBC)
                        .setPassword(password.toCharArray())
                        .setProvider(new BouncyCastleProvider())
                        .build()));
    }

    /** Fills a store of this type. */
    private interface Filling {
        void of(KeyStore store) throws Exception;
    }

    private static byte[] store(String type, String password, Filling filling) throws Exception {
        KeyStore store = type.equals("BCFKS")
                ? KeyStore.getInstance(type, new BouncyCastleProvider())
                : KeyStore.getInstance(type);
        store.load(null, null);
        filling.of(store);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        store.store(out, password.toCharArray());
        return out.toByteArray();
    }

    private static byte[] p12(Filling filling) throws Exception {
        return store("PKCS12", PASSWORD, filling);
    }

    private static Filling key(String alias, Pki.Issued issued) {
        return key(alias, issued.key(), issued.withoutRoot());
    }

    private static Filling key(String alias, PrivateKey key, List<X509Certificate> chain) {
        return store -> store.setKeyEntry(alias, key, PASSWORD.toCharArray(), chain.toArray(new Certificate[0]));
    }

    private static Filling both(Filling first, Filling second) {
        return store -> {
            first.of(store);
            second.of(store);
        };
    }

    private static Case leaf(String name, Pki.Issued issued, String sentence) {
        return identity(
                name,
                file -> opened(written(file, p12(key("desk", issued)))),
                "keystore FILE, entry desk: " + sentence);
    }

    private static byte[] cut(byte[] whole, int length) {
        return Arrays.copyOf(whole, length);
    }

    static Stream<Case> brokenKeystores() {
        List<Case> cases = new ArrayList<>();
        cases.addAll(files());
        cases.addAll(passwords());
        cases.addAll(pems());
        cases.addAll(entries());
        cases.addAll(truststores());
        return cases.stream();
    }

    private static List<Case> files() {
        return List.of(
                identity("missing", Keystore::file, "keystore FILE does not exist; check the path"),
                identity(
                        "directory",
                        file -> Keystore.file(Files.createDirectory(file)),
                        "keystore FILE is a directory; name the file in it"),
                identity("empty", file -> written(file, new byte[0]), "keystore FILE is empty; write it again"),
                identity(
                        "blanks",
                        file -> text(file, " \n\n"),
                        "keystore FILE holds nothing but blanks; write it again"),
                identity(
                        "too long",
                        file -> written(file, new byte[(4 << 20) + 1]),
                        "keystore FILE is longer than 4194304 bytes, so it is no keystore; check the path"),
                identity(
                        "any text",
                        file -> text(file, "desk = 7\n"),
                        "keystore FILE is no PEM, PKCS#12, JKS or BCFKS keystore; check that it is the right file, and whole"),
                identity(
                        "web page",
                        file -> text(file, "<!DOCTYPE html><html>log on</html>"),
                        "keystore FILE is a web page, as a download without log-on gives; download the keystore again"),
                identity(
                        "UTF-16",
                        file -> written(file, ("\uFEFF" + pem(DESK.certificate())).getBytes(StandardCharsets.UTF_16LE)),
                        "keystore FILE is text in UTF-16, as some Windows programs save it; save it as UTF-8"),
                identity(
                        "PuTTY key",
                        file -> text(file, "PuTTY-User-Key-File-3: ssh-ed25519\n"),
                        "keystore FILE is a PuTTY key; export it from PuTTYgen in OpenSSH's form and have a certificate issued for it"),
                identity(
                        "SSH public key",
                        file -> text(file, "ssh-rsa AAAAB3NzaC1yc2E= desk\n"),
                        "keystore FILE is an SSH public key, which TLS does not use; take the certificate and its private key"),
                identity(
                        "ZIP",
                        file -> {
                            try (OutputStream out = Files.newOutputStream(file);
                                    ZipOutputStream zip = new ZipOutputStream(out)) {
                                zip.putNextEntry(new ZipEntry("desk.p12"));
                            }
                            return Keystore.file(file);
                        },
                        "keystore FILE is a ZIP archive; unpack it and name the keystore in it"),
                identity(
                        "base64 without lines",
                        file -> text(
                                file,
                                Base64.getMimeEncoder()
                                        .encodeToString(DESK.certificate().getEncoded())),
                        "keystore FILE is base64 without its BEGIN and END lines; put them around it, or decode it"),
                identity(
                        "DER key",
                        file -> written(file, DESK.key().getEncoded()),
                        "keystore FILE is a private key in DER, without a certificate; put both in one file as PEM or PKCS#12"),
                identity(
                        "DER certificate",
                        file -> written(file, DESK.certificate().getEncoded()),
                        "keystore FILE holds no private key, only certificates; a client's identity is a key with its certificate, a truststore goes to trust(..)"),
                identity(
                        "PKCS#7",
                        file -> written(
                                file,
                                java.security.cert.CertificateFactory.getInstance("X.509")
                                        .generateCertPath(DESK.chain())
                                        .getEncoded("PKCS7")),
                        "keystore FILE is a PKCS#7 bundle of certificates; convert it with: openssl pkcs7 -inform DER -print_certs"),
                identity(
                        "PKCS#12 cut off",
                        file -> {
                            byte[] whole = p12(key("desk", DESK));
                            return opened(written(file, cut(whole, whole.length / 2)));
                        },
                        "keystore FILE is damaged or cut off; copy it again, whole and in binary"),
                identity(
                        "PKCS#12 copied as text",
                        file -> opened(written(
                                file,
                                new String(p12(key("desk", DESK)), StandardCharsets.UTF_8)
                                        .getBytes(StandardCharsets.UTF_8))),
                        "keystore FILE was copied as text, which damages it; copy it again in binary"),
                identity(
                        "JKS cut off",
                        file -> {
                            byte[] whole = store("JKS", PASSWORD, key("desk", DESK));
                            return opened(written(file, cut(whole, whole.length / 2)));
                        },
                        "keystore FILE is damaged or cut off; copy it again, whole and in binary"),
                identity(
                        "BCFKS cut off",
                        file -> {
                            byte[] whole = store("BCFKS", PASSWORD, key("desk", DESK));
                            return opened(written(file, cut(whole, whole.length - 9)));
                        },
                        "keystore FILE is damaged or cut off; copy it again, whole and in binary"));
    }

    private static List<Case> passwords() {
        return List.of(
                identity(
                        "PKCS#12 without password",
                        file -> written(file, p12(key("desk", DESK))),
                        "keystore FILE is a PKCS#12 keystore, which has a password, and none was given; give password(..)"),
                identity(
                        "JKS without password",
                        file -> written(file, store("JKS", PASSWORD, key("desk", DESK))),
                        "keystore FILE is a JKS keystore, which has a password, and none was given; give password(..)"),
                identity(
                        "BCFKS without password",
                        file -> written(file, store("BCFKS", PASSWORD, key("desk", DESK))),
                        "keystore FILE is a BCFKS keystore, which has a password, and none was given; give password(..)"),
                identity(
                        "PKCS#12, wrong password",
                        file -> written(file, p12(key("desk", DESK))).password(secret("battery")),
                        "the password does not open keystore FILE; check it"),
                identity(
                        "JKS, wrong password",
                        file -> written(file, store("JKS", PASSWORD, key("desk", DESK)))
                                .password(secret("battery")),
                        "the password does not open keystore FILE; check it, or the file is damaged"),
                identity(
                        "JCEKS, wrong password",
                        file -> written(file, store("JCEKS", PASSWORD, key("desk", DESK)))
                                .password(secret("battery")),
                        "the password does not open keystore FILE; check it, or the file is damaged"),
                identity(
                        "BCFKS, wrong password",
                        file -> written(file, store("BCFKS", PASSWORD, key("desk", DESK)))
                                .password(secret("battery")),
                        "the password does not open keystore FILE; check it, or the file is damaged"),
                identity(
                        "line end in the password",
                        file -> written(file, p12(key("desk", DESK))).password(secret(PASSWORD + "\n")),
                        "the password does not open keystore FILE: it has blanks or a line end around it, and opens without them; save it without"),
                identity(
                        "PKCS#12 of an empty password",
                        file -> written(
                                        file,
                                        store(
                                                "PKCS12",
                                                "",
                                                store -> store.setKeyEntry(
                                                        "desk",
                                                        DESK.key(),
                                                        new char[0],
                                                        DESK.withoutRoot().toArray(new Certificate[0]))))
                                .password(secret("battery")),
                        "the password does not open keystore FILE: an empty one does; give the store a password"),
                identity(
                        "Java's standard password",
                        file -> written(
                                        file,
                                        store(
                                                "PKCS12",
                                                "changeit",
                                                store -> store.setKeyEntry(
                                                        "desk",
                                                        DESK.key(),
                                                        "changeit".toCharArray(),
                                                        DESK.withoutRoot().toArray(new Certificate[0]))))
                                .password(secret("")),
                        "the password does not open keystore FILE: it is empty, and Java's standard password opens the store; give the store a password of its own"),
                identity(
                        "JKS, key with another password",
                        file -> opened(written(
                                file,
                                store(
                                        "JKS",
                                        PASSWORD,
                                        store -> store.setKeyEntry(
                                                "desk",
                                                DESK.key(),
                                                "another".toCharArray(),
                                                DESK.withoutRoot().toArray(new Certificate[0]))))),
                        "keystore FILE, entry desk: the password opens keystore FILE but not its entry desk; the entry has a password of its own, give it as keyPassword(..)"),
                identity(
                        "BCFKS, key with another password",
                        file -> opened(written(
                                file,
                                store(
                                        "BCFKS",
                                        PASSWORD,
                                        store -> store.setKeyEntry(
                                                "desk",
                                                DESK.key(),
                                                "another".toCharArray(),
                                                DESK.withoutRoot().toArray(new Certificate[0]))))),
                        "keystore FILE, entry desk: the password opens keystore FILE but not its entry desk; the entry has a password of its own, give it as keyPassword(..)"),
                identity(
                        "PEM key encrypted, no password",
                        file -> text(file, pem(DESK.certificate()) + encrypted(DESK.key(), PASSWORD)),
                        "the private key in keystore FILE is encrypted and no password was given; give password(..)"),
                identity(
                        "PEM key encrypted, wrong password",
                        file -> text(file, pem(DESK.certificate()) + encrypted(DESK.key(), PASSWORD))
                                .password(secret("battery")),
                        "the password does not open the private key in keystore FILE; check it"));
    }

    private static List<Case> pems() {
        return List.of(
                identity(
                        "certificate alone",
                        file -> text(file, pem(DESK.certificate())),
                        "keystore FILE holds no private key, only certificates; a client's identity is a key with its certificate, a truststore goes to trust(..)"),
                identity(
                        "key alone",
                        file -> text(file, pem(DESK.key())),
                        "keystore FILE, entry 1: it has a private key and no certificate; put the certificate that was issued for it beside it"),
                identity(
                        "key of another certificate",
                        file -> text(file, pem(DESK.certificate(), ISSUING.certificate(), OTHER.key())),
                        "keystore FILE, entry 1: its private key does not belong to its certificate of desk-7; take the key from which that certificate was requested"),
                identity(
                        "two keys",
                        file -> text(file, pem(DESK.certificate(), DESK.key(), OTHER.certificate(), OTHER.key())),
                        "keystore FILE holds 2 private keys, 1, 2; say which with alias(..)"),
                identity(
                        "request instead of certificate",
                        file -> text(file, pem(DESK.key(), request())),
                        "keystore FILE, entry 1: it has a private key and no certificate; put the certificate that was issued for it beside it"),
                identity(
                        "request alone",
                        file -> text(file, pem(request())),
                        "keystore FILE holds no certificate and no private key but a certificate request, which is what the authority gets and not what it gives back; name the file with the certificate that was issued"),
                identity(
                        "public key alone",
                        file -> text(file, pem(DESK.certificate().getPublicKey())),
                        "keystore FILE holds no certificate and no private key but a public key; name the file with the certificate that was issued"),
                identity(
                        "END line missing",
                        file -> text(
                                file,
                                pem(DESK.key(), DESK.certificate()).replaceFirst("-----END CERTIFICATE-----\\s*$", "")),
                        "keystore FILE is cut off: it has 2 BEGIN lines and 1 END lines; copy it again, whole"),
                identity(
                        "base64 damaged",
                        file -> text(
                                file, pem(DESK.key()) + pem(DESK.certificate()).replaceFirst("MII", "M!I")),
                        "keystore FILE is damaged in its block 2; copy it again, whole"),
                identity(
                        "a line left out",
                        file -> text(
                                file, pem(DESK.key()) + pem(DESK.certificate()).replaceFirst("(?m)^MII.*\n", "")),
                        "keystore FILE is damaged in its block 2; copy it again, whole"),
                identity(
                        "OpenSSH key",
                        file -> text(
                                file,
                                pem(DESK.certificate())
                                        + "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----\n"),
                        "keystore FILE holds an OpenSSH key; convert it with: ssh-keygen -p -m PKCS8 -f"),
                identity(
                        "unknown block",
                        file -> text(
                                file,
                                pem(DESK.key(), DESK.certificate())
                                        + "-----BEGIN PGP MESSAGE-----\nAAAA\n-----END PGP MESSAGE-----\n"),
                        "keystore FILE holds a block of PGP MESSAGE, which is not known here; keep certificates and private keys alone"),
                identity(
                        "Ed25519 certificate",
                        file -> text(file, pem(ed25519().certificate(), ISSUING.certificate(), ed25519Key())),
                        "keystore FILE, entry 1: its certificate of desk-9 has a key of kind EdDSA; RSA and EC are taken in TLS here; have one issued for a new key, signed with SHA-256 or better"),
                identity(
                        "key file missing",
                        file -> text(file, pem(DESK.certificate())).key(Path.of(file + ".none")),
                        "key file FILE.none does not exist; check the path"),
                identity(
                        "key file holds a certificate",
                        file -> text(file, pem(DESK.certificate()))
                                .key(Files.writeString(Path.of(file + ".key"), pem(ISSUING.certificate()))),
                        "key file FILE.key holds no private key; name the file of the key from which the certificate was requested"),
                identity(
                        "key file holds the public half",
                        file -> text(file, pem(DESK.certificate()))
                                .key(Files.writeString(
                                        Path.of(file + ".key"),
                                        pem(DESK.certificate().getPublicKey()))),
                        "key file FILE.key holds no private key but a public key; name the file of the key from which the certificate was requested"),
                identity(
                        "key file beside PKCS#12",
                        file -> opened(written(file, p12(key("desk", DESK))))
                                .key(Files.writeString(Path.of(file + ".key"), pem(DESK.key()))),
                        "keystore FILE is a PKCS#12 keystore and holds its keys itself, so FILE.key is not wanted; leave the key file out, or name the PEM file of the certificate"),
                identity(
                        "curve of another kind",
                        file -> text(file, pem(BRAINPOOL.certificate(), ISSUING.certificate(), BRAINPOOL.key())),
                        "keystore FILE, entry 1: its certificate of desk-6 has an EC key of 320 bits; P-256, P-384 and P-521 are taken; have one issued for a new key, signed with SHA-256 or better"));
    }

    private static final Pki.Issued BRAINPOOL = ISSUING.issue(spec -> spec.subject("CN=desk-6")
            .names()
            .uses(KeyPurposeId.id_kp_clientAuth)
            .key("EC:brainpoolP320r1"));

    private static final Pki.Issued EDWARDS = ISSUING.issue(spec -> spec.subject("CN=desk-9")
            .names()
            .uses(KeyPurposeId.id_kp_clientAuth)
            .key("Ed25519"));

    private static Pki.Issued ed25519() {
        return EDWARDS;
    }

    private static PrivateKey ed25519Key() {
        return EDWARDS.key();
    }

    private static Object request() {
        try {
            return new JcaPKCS10CertificationRequestBuilder(
                            new X500Name("CN=desk-7"), DESK.certificate().getPublicKey())
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(DESK.key()));
        } catch (org.bouncycastle.operator.OperatorCreationException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Case> entries() {
        Pki.Issued expired = ISSUING.issue(spec -> spec.subject("CN=desk-7")
                .names()
                .uses(KeyPurposeId.id_kp_clientAuth)
                .valid(DAY.multipliedBy(-30), DAY.negated()));
        String lastDay = Certificates.day(expired.certificate().getNotAfter().toInstant());
        Pki.Issued early = ISSUING.issue(spec -> spec.subject("CN=desk-7")
                .names()
                .uses(KeyPurposeId.id_kp_clientAuth)
                .valid(DAY, DAY.multipliedBy(9)));
        String firstDay = Certificates.day(early.certificate().getNotBefore().toInstant());
        Pki.Issued oldIssuing =
                ROOT.issue(spec -> spec.subject("CN=Old issuing").ca(0).valid(DAY.multipliedBy(-9), DAY.negated()));
        return List.of(
                leaf("expired", expired, "its certificate of desk-7 expired on " + lastDay + "; have it renewed"),
                leaf(
                        "not yet valid",
                        early,
                        "its certificate of desk-7 is valid from " + firstDay
                                + " on; wait, or check this host's clock"),
                leaf(
                        "issuer expired",
                        client(oldIssuing, "desk-7"),
                        "its certificate of Old issuing expired on "
                                + Certificates.day(
                                        oldIssuing.certificate().getNotAfter().toInstant()) + "; have it renewed"),
                leaf(
                        "for servers only",
                        ISSUING.issue(spec -> spec.subject("CN=desk-7")),
                        "its certificate of desk-7 is not for clients: its extended key usage lacks clientAuth; have one issued with it"),
                leaf(
                        "may not sign",
                        ISSUING.issue(
                                spec -> spec.subject("CN=desk-7").names().uses().usage(KeyUsage.keyEncipherment)),
                        "its certificate of desk-7 may not sign: its key usage lacks digitalSignature; have one issued with it"),
                leaf(
                        "RSA 1024",
                        ISSUING.issue(
                                spec -> spec.subject("CN=desk-7").names().uses().key("RSA:1024")),
                        "its certificate of desk-7 has an RSA key of 1024 bits, fewer than 2048; have one issued for a new key, signed with SHA-256 or better"),
                leaf(
                        "SHA-1",
                        ISSUING.issue(
                                spec -> spec.subject("CN=desk-7").names().uses().signature("SHA1withECDSA")),
                        "its certificate of desk-7 is signed with SHA1withECDSA, which can be forged; have one issued for a new key, signed with SHA-256 or better"),
                identity(
                        "another alias",
                        file -> opened(written(file, p12(both(key("desk", DESK), key("other", OTHER)))))
                                .alias("dsk"),
                        "keystore FILE has no entry dsk; it has desk, other"),
                identity(
                        "two keys, no alias",
                        file -> opened(written(file, p12(both(key("desk", DESK), key("other", OTHER))))),
                        "keystore FILE holds 2 private keys, desk, other; say which with alias(..)"),
                identity(
                        "alias of a certificate",
                        file -> opened(written(
                                        file,
                                        p12(both(
                                                key("desk", DESK),
                                                store -> store.setCertificateEntry("root", ROOT.certificate())))))
                                .alias("root"),
                        "keystore FILE, entry root is a certificate without its private key; name the file that holds both, or the key's own with key(..)"),
                identity(
                        "certificates only",
                        file -> opened(
                                written(file, p12(store -> store.setCertificateEntry("root", ROOT.certificate())))),
                        "keystore FILE holds no private key, only certificates; a client's identity is a key with its certificate, a truststore goes to trust(..)"),
                identity(
                        "nothing in it",
                        file -> opened(written(file, p12(store -> {}))),
                        "keystore FILE holds no private key, only nothing at all; a client's identity is a key with its certificate, a truststore goes to trust(..)"),
                identity(
                        "secret key",
                        file -> opened(written(
                                file,
                                p12(store -> store.setEntry(
                                        "hmac",
                                        new KeyStore.SecretKeyEntry(new SecretKeySpec(new byte[32], "HmacSHA256")),
                                        new KeyStore.PasswordProtection(PASSWORD.toCharArray()))))),
                        "keystore FILE, entry hmac: it is a secret key, not a private key with a certificate"),
                identity(
                        "JKS, key of another certificate",
                        file -> opened(
                                written(file, store("JKS", PASSWORD, key("desk", OTHER.key(), DESK.withoutRoot())))),
                        "keystore FILE, entry desk: its private key does not belong to its certificate of desk-7; take the key from which that certificate was requested"),
                identity(
                        "JKS, unrelated chain",
                        file -> opened(written(
                                file,
                                store(
                                        "JKS",
                                        PASSWORD,
                                        key("desk", DESK.key(), List.of(DESK.certificate(), ROOT.certificate()))))),
                        "keystore FILE, entry desk: its chain is broken: Desk root did not issue desk-7; put the issuer's certificates after the client's, each the issuer of the one before"),
                identity(
                        "JKS, chain the wrong way round",
                        file -> opened(written(
                                file,
                                store(
                                        "JKS",
                                        PASSWORD,
                                        key("desk", DESK.key(), List.of(ISSUING.certificate(), DESK.certificate()))))),
                        "keystore FILE, entry desk: its private key does not belong to its certificate of Desk issuing; take the key from which that certificate was requested"));
    }

    private static List<Case> truststores() {
        return List.of(
                trust("missing", Keystore::file, "truststore FILE does not exist; check the path"),
                trust(
                        "client's keystore as truststore",
                        file -> opened(written(file, p12(key("desk", DESK)))),
                        "truststore FILE holds no trusted certificate; put the authority's certificate into it, without a key"),
                trust(
                        "PEM key as truststore",
                        file -> text(file, pem(DESK.key())),
                        "truststore FILE holds no trusted certificate; put the authority's certificate into it, without a key"),
                trust(
                        "wrong password",
                        file -> written(file, p12(store -> store.setCertificateEntry("root", ROOT.certificate())))
                                .password(secret("battery")),
                        "the password does not open truststore FILE; check it"),
                trust(
                        "empty",
                        file -> opened(written(file, p12(store -> {}))),
                        "truststore FILE holds no trusted certificate; put the authority's certificate into it, without a key"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void brokenKeystores(Case each) throws Exception {
        Path file = folder.resolve("store-" + Integer.toHexString(Objects.hash(each.name, each.forTrust)));
        Keystore keystore = each.making.in(file);
        Tls.Builder tls =
                each.forTrust ? Tls.builder().trust(keystore) : Tls.builder().keystore(keystore);
        assertThatThrownBy(tls::build)
                .isInstanceOf(KeystoreException.class)
                .hasMessage(each.sentence.replace("FILE", file.toString()))
                .hasNoCause();
    }

    @Test
    void brokenKeystores_areAtLeastSixty() {
        assertThat(brokenKeystores().map(Case::sentence).distinct()).hasSizeGreaterThan(50);
        assertThat(brokenKeystores()).hasSizeGreaterThanOrEqualTo(60);
    }

    // ---- and those that are right

    static Stream<Case> goodKeystores() {
        return Stream.of(
                identity("PKCS#12", file -> opened(written(file, p12(key("desk", DESK)))), ""),
                identity(
                        "PKCS#12 named .jks",
                        file -> opened(written(Path.of(file + ".jks"), p12(key("desk", DESK)))),
                        ""),
                identity("JKS", file -> opened(written(file, store("JKS", PASSWORD, key("desk", DESK)))), ""),
                identity("JCEKS", file -> opened(written(file, store("JCEKS", PASSWORD, key("desk", DESK)))), ""),
                identity("BCFKS", file -> opened(written(file, store("BCFKS", PASSWORD, key("desk", DESK)))), ""),
                identity(
                        "JKS, key with another password",
                        file -> opened(written(
                                        file,
                                        store(
                                                "JKS",
                                                PASSWORD,
                                                store -> store.setKeyEntry(
                                                        "desk",
                                                        DESK.key(),
                                                        "another".toCharArray(),
                                                        DESK.withoutRoot().toArray(new Certificate[0])))))
                                .keyPassword(() -> secret("another")),
                        ""),
                identity(
                        "one of two",
                        file -> opened(written(file, p12(both(key("desk", DESK), key("other", OTHER)))))
                                .alias("desk"),
                        ""),
                identity(
                        "PEM, key first",
                        file -> text(file, pem(DESK.key(), DESK.certificate(), ISSUING.certificate())),
                        ""),
                identity(
                        "PEM, chain the wrong way round",
                        file -> text(file, pem(ISSUING.certificate(), DESK.certificate(), DESK.key())),
                        ""),
                identity(
                        "PEM, Windows line ends and a byte order mark",
                        file -> text(
                                file,
                                "\uFEFF"
                                        + pem(DESK.certificate(), ISSUING.certificate(), DESK.key())
                                                .replace("\n", "\r\n")),
                        ""),
                identity(
                        "PEM, line ends written out",
                        file -> text(
                                file,
                                pem(DESK.certificate(), ISSUING.certificate(), DESK.key())
                                        .replace("\n", "\\n")),
                        ""),
                identity(
                        "PEM with bag attributes",
                        file -> text(
                                file,
                                "Bag Attributes\n    friendlyName: desk\n"
                                        + pem(DESK.certificate(), ISSUING.certificate())
                                        + "Key Attributes: <No Attributes>\n" + pem(DESK.key())),
                        ""),
                identity(
                        "PEM, key encrypted",
                        file -> opened(text(
                                file,
                                pem(DESK.certificate(), ISSUING.certificate()) + encrypted(DESK.key(), PASSWORD))),
                        ""),
                identity(
                        "PEM, key in a file of its own",
                        file -> text(file, pem(DESK.certificate(), ISSUING.certificate()))
                                .key(Files.writeString(Path.of(file + ".key"), pem(DESK.key()))),
                        ""),
                identity(
                        "DER certificate, key in a file of its own",
                        file -> written(file, DESK.certificate().getEncoded())
                                .key(Files.writeString(Path.of(file + ".key"), pem(DESK.key()))),
                        ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void goodKeystores(Case each) throws Exception {
        Path file = folder.resolve("good-" + Integer.toHexString(each.name.hashCode()));
        Tls tls = Tls.builder().keystore(each.making.in(file)).build();
        assertThat(tls.serialNumbers())
                .containsExactly(DESK.certificate().getSerialNumber().toString(16));
    }
}
