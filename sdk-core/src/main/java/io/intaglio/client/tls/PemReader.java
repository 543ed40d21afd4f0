package io.intaglio.client.tls;

import io.intaglio.client.tls.KeystoreContent.Entry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.jspecify.annotations.Nullable;

/** Certificates and private keys in PEM, in any order; RFC 7468, and the older forms that OpenSSL writes. */
final class PemReader {
    private static final Pattern LABEL = Pattern.compile("-----BEGIN ([A-Z0-9 .#/]{1,60})-----");

    private static final Set<String> KNOWN = Set.of(
            "CERTIFICATE",
            "X509 CERTIFICATE",
            "TRUSTED CERTIFICATE",
            "PRIVATE KEY",
            "ENCRYPTED PRIVATE KEY",
            "RSA PRIVATE KEY",
            "EC PRIVATE KEY",
            "EC PARAMETERS",
            "PUBLIC KEY",
            "RSA PUBLIC KEY",
            "CERTIFICATE REQUEST",
            "NEW CERTIFICATE REQUEST");

    private final String subject;
    private final String keySubject;
    private final List<X509Certificate> certificates = new ArrayList<>();
    private final List<X509Certificate> issuers = new ArrayList<>();
    private final List<PrivateKey> keys = new ArrayList<>();
    private @Nullable String other;

    /** @param keySubject where the key is, for messages */
    PemReader(String subject, String keySubject) {
        this.subject = subject;
        this.keySubject = keySubject;
    }

    /** Certificates that go into chains, and are no entries themselves. */
    void issuers(String where, byte[] content) {
        parse(where, content, null);
        issuers.addAll(certificates);
        certificates.clear();
    }

    /** @param keyContent the key's own file, null when it is with the certificates */
    List<Entry> entries(byte[] content, byte @Nullable [] keyContent, char @Nullable [] password) {
        if (content[0] == 0x30) {
            certificates.add(der(content));
        } else {
            parse(subject, content, password);
        }
        if (keyContent != null) {
            int before = keys.size();
            parse(keySubject, keyContent, password);
            if (keys.size() == before) {
                throw new KeystoreException(
                        keySubject + " holds no private key" + (other == null ? "" : " but " + other)
                                + "; name the file of the key from which the certificate was requested");
            }
        }
        if (certificates.isEmpty() && keys.isEmpty()) {
            throw new KeystoreException(subject + " holds no certificate and no private key"
                    + (other == null ? "" : " but " + other) + "; name the file with the certificate that was issued");
        }
        List<Entry> entries = new ArrayList<>();
        List<X509Certificate> left = new ArrayList<>(certificates);
        List<X509Certificate> known = new ArrayList<>(certificates);
        known.addAll(issuers);
        for (PrivateKey key : keys) {
            X509Certificate leaf = certificates.stream()
                    .filter(each -> KeyPairs.match(key, each.getPublicKey()))
                    .findFirst()
                    .orElse(certificates.isEmpty() ? null : certificates.get(0));
            List<X509Certificate> chain = leaf == null ? List.of() : Certificates.chain(leaf, known);
            left.removeAll(chain);
            entries.add(new Entry(Integer.toString(entries.size() + 1), key, chain, null));
        }
        for (X509Certificate each : left) {
            entries.add(new Entry(Integer.toString(entries.size() + 1), null, List.of(each), null));
        }
        return entries;
    }

    private X509Certificate der(byte[] content) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(content));
        } catch (GeneralSecurityException e) {
            throw new KeystoreException(subject + " is a damaged certificate; copy it again, whole");
        }
    }

    private void parse(String where, byte[] content, char @Nullable [] password) {
        String text =
                new String(content, StandardCharsets.UTF_8).replace("\\n", "\n").replace("\uFEFF", "");
        int begins = count(text, "-----BEGIN ");
        int ends = count(text, "-----END ");
        if (begins != ends) {
            throw new KeystoreException(where + " is cut off: it has " + begins + " BEGIN lines and " + ends
                    + " END lines; copy it again, whole");
        }
        refuseUnknown(where, text);
        int block = 0;
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            Object found;
            while ((found = parser.readObject()) != null) {
                block++;
                take(where, found, password);
            }
        } catch (IOException | RuntimeException e) {
            if (e instanceof KeystoreException fault) {
                throw fault;
            }
            throw new KeystoreException(where + " is damaged in its block " + (block + 1) + "; copy it again, whole");
        }
    }

    private static void refuseUnknown(String where, String text) {
        Matcher labels = LABEL.matcher(text);
        while (labels.find()) {
            String label = labels.group(1);
            if (label.equals("OPENSSH PRIVATE KEY")) {
                throw new KeystoreException(
                        where + " holds an OpenSSH key; convert it with: ssh-keygen -p -m PKCS8 -f");
            }
            if (!KNOWN.contains(label)) {
                throw new KeystoreException(where + " holds a block of " + label
                        + ", which is not known here; keep certificates and private keys alone");
            }
        }
    }

    private static int count(String text, String line) {
        int count = 0;
        for (int at = text.indexOf(line); at >= 0; at = text.indexOf(line, at + 1)) {
            count++;
        }
        return count;
    }

    private void take(String where, Object found, char @Nullable [] password) throws IOException {
        if (found instanceof X509CertificateHolder holder) {
            try {
                certificates.add(new JcaX509CertificateConverter().getCertificate(holder));
            } catch (GeneralSecurityException e) {
                throw new KeystoreException(where + " holds a damaged certificate; copy it again, whole");
            }
        } else if (found instanceof PrivateKeyInfo info) {
            keys.add(key(where, info));
        } else if (found instanceof PEMKeyPair pair) {
            keys.add(key(where, pair.getPrivateKeyInfo()));
        } else if (found instanceof PKCS8EncryptedPrivateKeyInfo encrypted) {
            keys.add(key(where, decrypted(where, encrypted, password)));
        } else if (found instanceof PEMEncryptedKeyPair encrypted) {
            keys.add(key(where, decrypted(where, encrypted, password)));
        } else if (found instanceof PKCS10CertificationRequest) {
            other = "a certificate request, which is what the authority gets and not what it gives back";
        } else if (found instanceof org.bouncycastle.asn1.x509.SubjectPublicKeyInfo) {
            other = "a public key";
        }
    }

    private PrivateKey key(String where, PrivateKeyInfo info) {
        try {
            return new JcaPEMKeyConverter().getPrivateKey(info);
        } catch (PEMException e) {
            throw new KeystoreException(
                    where + " holds a private key of a kind that this Java does not know in TLS; use "
                            + "RSA or EC on P-256, and have a certificate issued for it");
        }
    }

    private static PrivateKeyInfo decrypted(
            String where, PKCS8EncryptedPrivateKeyInfo encrypted, char @Nullable [] password) {
        char[] given = needed(where, password);
        try {
            return encrypted.decryptPrivateKeyInfo(new JceOpenSSLPKCS8DecryptorProviderBuilder()
                    .setProvider(new BouncyCastleProvider())
                    .build(given));
        } catch (OperatorCreationException | PKCSException | RuntimeException e) {
            throw wrongPassword(where);
        }
    }

    private static PrivateKeyInfo decrypted(String where, PEMEncryptedKeyPair encrypted, char @Nullable [] password) {
        char[] given = needed(where, password);
        try {
            return encrypted
                    .decryptKeyPair(new JcePEMDecryptorProviderBuilder()
                            .setProvider(new BouncyCastleProvider())
                            .build(given))
                    .getPrivateKeyInfo();
        } catch (IOException | RuntimeException e) {
            throw wrongPassword(where);
        }
    }

    private static char[] needed(String where, char @Nullable [] password) {
        if (password == null) {
            throw new KeystoreException(
                    "the private key in " + where + " is encrypted and no password was given; give password(..)");
        }
        return password;
    }

    private static KeystoreException wrongPassword(String where) {
        return new KeystoreException("the password does not open the private key in " + where + "; check it");
    }
}
