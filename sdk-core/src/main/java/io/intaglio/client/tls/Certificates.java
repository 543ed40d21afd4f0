package io.intaglio.client.tls;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** What is asked of single certificates, and how they are named in messages. */
final class Certificates {
    static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String ANY_USE = "2.5.29.37.0";
    private static final int LEAST_RSA_BITS = 2048;
    private static final Set<Integer> EC_BITS = Set.of(256, 384, 521);

    private Certificates() {}

    /** The common name, or the whole subject where there is none, without control characters. */
    static String name(X509Certificate certificate) {
        return name(certificate.getSubjectX500Principal());
    }

    static String name(X500Principal principal) {
        String whole = principal.getName(X500Principal.RFC2253);
        String shown = whole;
        for (String part : whole.split("(?<!\\\\),", -1)) {
            if (part.regionMatches(true, 0, "CN=", 0, 3)) {
                shown = part.substring(3);
                break;
            }
        }
        shown = shown.isEmpty() ? "an empty name" : shown;
        StringBuilder clean = new StringBuilder();
        shown.codePoints()
                .limit(100)
                .forEach(c -> clean.appendCodePoint(
                        Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c));
        return clean.toString();
    }

    static String day(Instant instant) {
        return LocalDate.ofInstant(instant, ZoneOffset.UTC).toString();
    }

    static boolean isSelfIssued(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    /** Named as the issuer, and its key made the signature. */
    static boolean issued(X509Certificate issuer, X509Certificate certificate) {
        return certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())
                && isSignedBy(certificate, issuer.getPublicKey());
    }

    static boolean isSignedBy(X509Certificate certificate, PublicKey key) {
        try {
            certificate.verify(key);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** From a certificate up, through those that issued it, as far as they are known; a self-signed one ends it. */
    static List<X509Certificate> chain(X509Certificate leaf, Collection<X509Certificate> known) {
        List<X509Certificate> chain = new ArrayList<>(List.of(leaf));
        X509Certificate last = leaf;
        while (!isSelfIssued(last) && chain.size() < 10) {
            X509Certificate child = last;
            X509Certificate issuer = known.stream()
                    .filter(each -> issued(each, child))
                    .findFirst()
                    .orElse(null);
            if (issuer == null || chain.contains(issuer)) {
                break;
            }
            chain.add(issuer);
            last = issuer;
        }
        return chain;
    }

    /** Whether its extended key usage, if it has one, allows this use. */
    static boolean allows(X509Certificate certificate, String use) {
        try {
            List<String> uses = certificate.getExtendedKeyUsage();
            return uses == null || uses.contains(use) || uses.contains(ANY_USE);
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    /** Why key or signature are too weak; null when they are strong enough: no MD5 or SHA-1, RSA from 2048 bits, EC on P-256, P-384 or P-521. */
    static @Nullable String weakness(X509Certificate certificate, boolean withSignature) {
        String signature = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        if (withSignature && (signature.contains("SHA1") || signature.contains("MD5") || signature.contains("MD2"))) {
            return "is signed with " + certificate.getSigAlgName() + ", which can be forged";
        }
        PublicKey key = certificate.getPublicKey();
        if (key instanceof RSAKey rsa) {
            int bits = rsa.getModulus().bitLength();
            return bits < LEAST_RSA_BITS ? "has an RSA key of " + bits + " bits, fewer than " + LEAST_RSA_BITS : null;
        }
        if (key instanceof ECPublicKey ec) {
            int bits = ec.getParams().getCurve().getField().getFieldSize();
            return EC_BITS.contains(bits)
                    ? null
                    : "has an EC key of " + bits + " bits; P-256, P-384 and P-521 are taken";
        }
        return "has a key of kind " + key.getAlgorithm() + "; RSA and EC are taken in TLS here";
    }
}
