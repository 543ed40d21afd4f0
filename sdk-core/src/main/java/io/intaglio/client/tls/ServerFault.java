package io.intaglio.client.tls;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertPathValidatorException.Reason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateRevokedException;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is wrong with a server's certificates, in a sentence that names the certificate and the next step. */
final class ServerFault {
    private static final String ITS_OWNER = "; only its owner can mend that, so do not go on";

    private final Trust trust;
    private final X509Certificate[] chain;
    private final Instant now;

    ServerFault(Trust trust, X509Certificate[] chain, Instant now) {
        this.trust = trust;
        this.chain = chain;
        this.now = now;
    }

    /** The cause of Java's refusal. */
    String of(CertificateException refusal, @Nullable String host) {
        CertPathValidatorException path = pathFault(refusal);
        if (path != null && isRevoked(refusal)) {
            return revoked(path);
        }
        String own = own(host);
        if (own != null) {
            return own;
        }
        if (path != null && trust.revocation() == Revocation.HARD) {
            return "nobody told whether its certificate is revoked (" + path.getMessage()
                    + "), and Revocation.HARD wants to know; open the way to the authority's responder, or use Revocation.SOFT";
        }
        String message = refusal.getMessage();
        return "its certificate is refused: "
                + (message == null ? refusal.getClass().getSimpleName() : message);
    }

    /** What we find ourselves in a chain that Java refused; null when it is right. */
    private @Nullable String own(@Nullable String host) {
        String fault = validity(chain[0]);
        if (fault == null) {
            fault = inPath();
        }
        return fault == null ? beyondJava(host) : fault;
    }

    /** What we refuse although Java takes it; null when nothing. */
    @Nullable
    String beyondJava(@Nullable String host) {
        X509Certificate leaf = chain[0];
        String fault = validity(leaf); // Java does not look at a certificate that is trusted itself
        String weakness = Certificates.weakness(leaf, false);
        if (fault == null && weakness != null) {
            fault = the(leaf) + " " + weakness + ITS_OWNER;
        }
        if (fault == null && !Certificates.allows(leaf, Certificates.SERVER_AUTH)) {
            fault = the(leaf) + " is not for servers: its extended key usage lacks serverAuth" + ITS_OWNER;
        }
        if (fault == null && host != null && !HostNames.matches(host, leaf)) {
            List<String> names = HostNames.names(leaf);
            fault = names.isEmpty()
                    ? the(leaf) + " has no subject alternative name, so it is for no host" + ITS_OWNER
                    : the(leaf) + " is not for " + host + " but for "
                            + String.join(", ", names.subList(0, Math.min(5, names.size())))
                            + "; check the address, and that no proxy answers in its place";
        }
        return fault == null && host != null ? trust.unpinned(chain, host) : fault;
    }

    private static String the(X509Certificate certificate) {
        return "the certificate of " + Certificates.name(certificate);
    }

    private @Nullable String validity(X509Certificate certificate) {
        Instant until = certificate.getNotAfter().toInstant();
        Instant from = certificate.getNotBefore().toInstant();
        if (now.isAfter(until)) {
            return the(certificate) + " expired on " + Certificates.day(until)
                    + "; its owner has to renew it, or this host's clock is wrong";
        }
        return now.isBefore(from)
                ? the(certificate) + " is valid from " + Certificates.day(from) + " on; this host's clock may be wrong"
                : null;
    }

    /** Walks from the server's certificate to a trusted one, by what was sent. */
    private @Nullable String inPath() {
        if (trust.anchors().contains(chain[0])) {
            return null;
        }
        List<X509Certificate> path = new ArrayList<>(Certificates.chain(chain[0], Arrays.asList(chain)));
        for (int i = 0; i < path.size(); i++) {
            X509Certificate each = path.get(i);
            if (trust.anchors().contains(each)) {
                return validated(path.subList(0, i));
            }
            if (trust.anchors().stream().anyMatch(anchor -> Certificates.issued(anchor, each))) {
                return validated(path.subList(0, i + 1));
            }
        }
        X509Certificate last = path.get(path.size() - 1);
        if (path.size() == 1 && Certificates.isSelfIssued(last)) {
            return the(last) + " is self-signed, and it is not trusted itself"
                    + "; if the server is yours, trust(..) this certificate, else do not go on";
        }
        String issuer = Certificates.name(last.getIssuerX500Principal());
        for (X509Certificate named : namedAsIssuerOf(last)) {
            String weakness = Certificates.weakness(named, false);
            return weakness != null
                    ? the(named) + " " + weakness + ITS_OWNER
                    : the(last) + " names " + issuer + " as its issuer but is not signed with that one's key"
                            + "; it may be forged, so do not go on";
        }
        if (Certificates.isSelfIssued(last)) {
            return "its authority " + issuer
                    + " is not trusted; if it is a private one, trust(..) its certificate, else someone may be in between";
        }
        return the(last) + " was issued by " + issuer + ", which was not sent and is not trusted"
                + "; the server leaves out an intermediate certificate, or the authority is a private one: trust(..) it";
    }

    private List<X509Certificate> namedAsIssuerOf(X509Certificate last) {
        List<X509Certificate> known = new ArrayList<>(trust.anchors());
        known.addAll(Arrays.asList(chain));
        return known.stream()
                .filter(each ->
                        !each.equals(last) && each.getSubjectX500Principal().equals(last.getIssuerX500Principal()))
                .toList();
    }

    private @Nullable String validated(List<X509Certificate> path) {
        try {
            PKIXParameters parameters = trust.parameters(new X509CertSelector());
            parameters.setRevocationEnabled(false);
            parameters.setCertPathCheckers(parameters.getCertPathCheckers().stream()
                    .filter(checker -> !(checker instanceof java.security.cert.PKIXRevocationChecker))
                    .toList());
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
            return null;
        } catch (CertPathValidatorException e) {
            int index = e.getIndex();
            return inWords(e, index >= 0 && index < path.size() ? path.get(index) : path.get(0));
        } catch (GeneralSecurityException e) {
            return "its chain cannot be checked: " + e.getMessage();
        }
    }

    private String inWords(CertPathValidatorException e, X509Certificate at) {
        Reason reason = e.getReason();
        String validity = validity(at);
        if (validity != null) {
            return validity;
        }
        if (reason == BasicReason.ALGORITHM_CONSTRAINED) {
            String weakness = Certificates.weakness(at, true);
            return (weakness == null ? the(at) + " is too weak: " + e.getMessage() : the(at) + " " + weakness)
                    + ITS_OWNER;
        }
        if (reason == PKIXReason.NOT_CA_CERT
                || reason == PKIXReason.INVALID_KEY_USAGE && at.getBasicConstraints() < 0) {
            return the(at) + " signed another although it is not an authority's" + ITS_OWNER;
        }
        if (reason == PKIXReason.PATH_TOO_LONG) {
            return "its chain is longer than " + Certificates.name(at) + " or the authority above it allows"
                    + ITS_OWNER;
        }
        if (reason == PKIXReason.INVALID_NAME) {
            return the(at) + " has a name that its authority may not issue (name constraints)" + ITS_OWNER;
        }
        if (reason == PKIXReason.UNRECOGNIZED_CRIT_EXT) {
            return the(at) + " has a critical extension that is not known here" + ITS_OWNER;
        }
        if (reason == PKIXReason.INVALID_KEY_USAGE) {
            return the(at) + " may not sign certificates by its key usage" + ITS_OWNER;
        }
        if (reason == BasicReason.INVALID_SIGNATURE) {
            return "the signature on " + the(at) + " is wrong" + ITS_OWNER;
        }
        return the(at) + " is refused: " + e.getMessage() + ITS_OWNER;
    }

    static boolean isRevoked(CertificateException refusal) {
        CertPathValidatorException path = pathFault(refusal);
        return path != null && path.getReason() == BasicReason.REVOKED;
    }

    static String revoked(CertPathValidatorException path) {
        Throwable cause = path.getCause();
        String when = cause instanceof CertificateRevokedException known
                ? " on " + Certificates.day(known.getRevocationDate().toInstant()) + " (" + known.getRevocationReason()
                        + ")"
                : "";
        return "its certificate was revoked" + when + "; do not go on, ask the venue by another way";
    }

    private static @Nullable CertPathValidatorException pathFault(Throwable refusal) {
        CertPathValidatorException deepest = null;
        for (Throwable each = refusal; each != null; each = each.getCause()) {
            if (each instanceof CertPathValidatorException path) {
                deepest = path;
            }
        }
        return deepest;
    }
}
