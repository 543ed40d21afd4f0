package io.intaglio.cli;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A certificate for people and for machines. */
final class CertificateFacts {
    private CertificateFacts() {}

    static Map<String, @Nullable Object> of(X509Certificate certificate, Instant now) {
        Map<String, @Nullable Object> facts = new LinkedHashMap<>();
        facts.put("subject", certificate.getSubjectX500Principal().getName());
        facts.put("issuer", certificate.getIssuerX500Principal().getName());
        facts.put("serial", certificate.getSerialNumber().toString(16));
        facts.put("from", certificate.getNotBefore().toInstant().toString());
        facts.put("until", certificate.getNotAfter().toInstant().toString());
        facts.put("days", days(certificate, now));
        facts.put("key", key(certificate.getPublicKey()));
        facts.put("signature", certificate.getSigAlgName());
        facts.put("names", names(certificate));
        facts.put("uses", uses(certificate));
        facts.put("authority", certificate.getBasicConstraints() >= 0);
        facts.put("pin", pin(certificate));
        return facts;
    }

    /** Lines below a head, indented. */
    static List<String> lines(X509Certificate certificate, Instant now) {
        List<String> names = names(certificate);
        List<String> uses = uses(certificate);
        List<String> lines = new ArrayList<>();
        lines.add(clean(certificate.getSubjectX500Principal().getName()));
        lines.add("  issued by  " + clean(certificate.getIssuerX500Principal().getName()));
        lines.add("  serial     " + certificate.getSerialNumber().toString(16));
        long days = days(certificate, now);
        lines.add("  valid      " + certificate.getNotBefore().toInstant() + " to "
                + certificate.getNotAfter().toInstant() + (days < 0 ? ", EXPIRED" : ", " + days + " days left"));
        lines.add("  key        " + key(certificate.getPublicKey()) + ", signed with " + certificate.getSigAlgName());
        if (!names.isEmpty()) {
            lines.add("  names      " + clean(String.join(", ", names)));
        }
        lines.add("  for        "
                + (certificate.getBasicConstraints() >= 0
                        ? "issuing certificates"
                        : uses.isEmpty() ? "any use" : String.join(", ", uses)));
        lines.add("  pin        " + pin(certificate));
        return lines;
    }

    static long days(X509Certificate certificate, Instant now) {
        Duration left = Duration.between(now, certificate.getNotAfter().toInstant());
        return left.isNegative() ? -1 - left.negated().toDays() : left.toDays();
    }

    static String clean(String text) {
        StringBuilder clean = new StringBuilder();
        text.codePoints()
                .forEach(c -> clean.appendCodePoint(
                        Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c));
        return clean.toString();
    }

    private static String key(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            return "RSA " + rsa.getModulus().bitLength();
        }
        return key instanceof ECPublicKey ec
                ? "EC " + ec.getParams().getCurve().getField().getFieldSize()
                : key.getAlgorithm();
    }

    private static List<String> names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            if (all != null) {
                all.forEach(each -> names.add(String.valueOf(each.get(1))));
            }
        } catch (CertificateParsingException e) {
            names.add("(damaged)");
        }
        return names;
    }

    private static List<String> uses(X509Certificate certificate) {
        List<String> uses = new ArrayList<>();
        try {
            List<String> all = certificate.getExtendedKeyUsage();
            if (all != null) {
                all.forEach(each -> uses.add(
                        switch (each) {
                            case "1.3.6.1.5.5.7.3.1" -> "servers";
                            case "1.3.6.1.5.5.7.3.2" -> "clients";
                            default -> each;
                        }));
            }
        } catch (CertificateParsingException e) {
            uses.add("(damaged)");
        }
        return uses;
    }

    private static String pin(X509Certificate certificate) {
        try {
            return "sha256/"
                    + Base64.getEncoder()
                            .encodeToString(MessageDigest.getInstance("SHA-256")
                                    .digest(certificate.getPublicKey().getEncoded()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
