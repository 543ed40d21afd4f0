package io.intaglio.client.tls;

import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the failure of a handshake means. */
final class TlsFault {
    private static final String ALERT = "Received fatal alert: ";

    /** Alerts by which a server says that it does not take the client's certificate (RFC 8446 section 6.2). */
    private static final Map<String, String> CERTIFICATE_ALERTS = Map.of(
            "certificate_required", "it wants a client certificate and got none; give the client its keystore",
            "bad_certificate", "it does not take the client certificate, or got none; check which authority it wants",
            "unsupported_certificate",
                    "the client certificate is of a kind that it does not take; check key type and usage",
            "certificate_revoked", "the client certificate was revoked; have a new one issued",
            "certificate_expired", "the client certificate has expired by its clock; have it renewed",
            "certificate_unknown", "it does not take the client certificate; have it registered with the venue",
            "unknown_ca",
                    "it does not trust the authority of the client certificate; use one of an authority that it names, with its intermediates");

    private static final Map<String, String> OTHER_ALERTS = Map.of(
            "protocol_version", "it speaks neither TLS 1.2 nor 1.3; older versions are not safe and not spoken here",
            "handshake_failure",
                    "it has no cipher suite or key type in common with us, or wants a client certificate; strong ones alone are offered here",
            "insufficient_security", "it has no cipher suite in common with us; strong ones alone are offered here",
            "unrecognized_name", "it does not know this host name; check the address",
            "access_denied", "it knows the client certificate and denies access; have it allowed at the venue",
            "decrypt_error",
                    "it could not verify the client's signature; check that key and certificate belong together",
            "internal_error", "it failed within itself; try again later");

    private static final Set<String> NO_TLS =
            Set.of("unsupported or unrecognized ssl message", "unsupported or unrecognized ssl record");

    private TlsFault() {}

    /** In words, with the next step. */
    static String inWords(Throwable failure) {
        CertificateException refusal = refusal(failure);
        if (refusal != null && refusal.getMessage() != null) {
            return refusal.getMessage();
        }
        String message = String.valueOf(failure.getMessage());
        String alert = alert(failure);
        if (alert != null) {
            String meaning = CERTIFICATE_ALERTS.getOrDefault(alert, OTHER_ALERTS.get(alert));
            return "the server ended it with the alert " + alert + (meaning == null ? "" : ": " + meaning);
        }
        String lower = message.toLowerCase(Locale.ROOT);
        if (NO_TLS.stream().anyMatch(lower::contains)) {
            return "what answers speaks no TLS; check the port, and that no proxy answers in its place";
        }
        if (lower.contains("no supported certificateverify signature algorithm")) {
            return "the client's key cannot sign; Java's TLS does not use an RSA key in a token, use one of EC P-256";
        }
        if (lower.contains("remote host terminated the handshake") || lower.contains("connection reset")) {
            return "the server closed the connection during the handshake; it may want another name, a client certificate, or refuse this address";
        }
        if (lower.contains("client requested protocol")
                || lower.contains("server chose tls")
                || lower.contains("is not enabled or supported")
                || lower.contains("protocol version")) {
            return "it speaks neither TLS 1.2 nor 1.3; older versions are not safe and not spoken here";
        }
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : message;
    }

    /** Whether the server says that it does not take our certificate, and so did not go on to read a request. */
    static boolean isOfOurCertificate(Throwable failure) {
        String alert = alert(failure);
        return alert != null && CERTIFICATE_ALERTS.containsKey(alert);
    }

    private static @Nullable String alert(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            String message = each.getMessage();
            int at = message == null ? -1 : message.indexOf(ALERT);
            if (message != null && at >= 0) {
                return message.substring(at + ALERT.length()).strip();
            }
        }
        return null;
    }

    private static @Nullable CertificateException refusal(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof ServerCheck.ServerRefusedException refused) {
                return refused;
            }
        }
        return null;
    }
}
