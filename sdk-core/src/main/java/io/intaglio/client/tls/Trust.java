package io.intaglio.client.tls;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CRL;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.PKIXCertPathChecker;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whom to trust, and by which rules a chain is checked. Immutable. */
final class Trust {

    /** Public keys of which one has to be in the chain of a server. */
    record Pins(String hosts, Set<String> sha256) {}

    private final Set<X509Certificate> anchors;
    private final Revocation revocation;
    private final List<CRL> crls;
    private final List<Pins> pins;

    Trust(Collection<X509Certificate> anchors, Revocation revocation, List<CRL> crls, List<Pins> pins) {
        this.anchors = new LinkedHashSet<>(anchors);
        this.revocation = revocation;
        this.crls = List.copyOf(crls);
        this.pins = List.copyOf(pins);
    }

    /** The authorities of this Java installation. */
    static List<X509Certificate> ofTheSystem() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init((KeyStore) null);
            for (TrustManager each : factory.getTrustManagers()) {
                if (each instanceof X509TrustManager manager) {
                    return List.of(manager.getAcceptedIssuers());
                }
            }
            return List.of();
        } catch (GeneralSecurityException e) {
            throw new KeystoreException("the truststore of this Java installation cannot be read: " + e.getMessage()
                    + "; reinstall it, or name authorities with trust(..)");
        }
    }

    Set<X509Certificate> anchors() {
        return anchors;
    }

    Revocation revocation() {
        return revocation;
    }

    /** Without looking up what is revoked. */
    Trust withoutRevocation() {
        return new Trust(anchors, Revocation.NONE, List.of(), pins);
    }

    /** Java's own check of a chain, with our rules added. */
    X509ExtendedTrustManager javasCheck() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(new CertPathTrustManagerParameters(parameters(new X509CertSelector())));
        for (TrustManager each : factory.getTrustManagers()) {
            if (each instanceof X509ExtendedTrustManager manager) {
                return manager;
            }
        }
        throw new NoSuchAlgorithmException("this Java has no PKIX trust manager");
    }

    PKIXBuilderParameters parameters(X509CertSelector target)
            throws InvalidAlgorithmParameterException, NoSuchAlgorithmException {
        Set<TrustAnchor> trusted = new HashSet<>();
        anchors.forEach(anchor -> trusted.add(new TrustAnchor(anchor, null)));
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(trusted, target);
        parameters.addCertPathChecker(new StrongEnough());
        parameters.setRevocationEnabled(revocation != Revocation.NONE);
        if (!crls.isEmpty()) {
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(crls)));
        }
        if (revocation != Revocation.NONE) {
            PKIXRevocationChecker checker =
                    (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
            EnumSet<PKIXRevocationChecker.Option> options = EnumSet.noneOf(PKIXRevocationChecker.Option.class);
            if (revocation == Revocation.SOFT) {
                options.add(PKIXRevocationChecker.Option.SOFT_FAIL);
            }
            checker.setOptions(options);
            parameters.addCertPathChecker(checker);
        }
        return parameters;
    }

    /** Why none of the pins for this host is in the chain; null when one is, or there are none for the host. */
    @Nullable
    String unpinned(X509Certificate[] chain, String host) {
        for (Pins each : pins) {
            if (HostNames.covers(each.hosts(), host)) {
                List<String> found = pathKeys(chain);
                if (found.stream().noneMatch(each.sha256()::contains)) {
                    return "no key in its chain is pinned for " + each.hosts() + "; it has sha256/" + found.get(0)
                            + ". If the venue has changed its key and says so, pin the new one; else someone is in between";
                }
            }
        }
        return null;
    }

    /** Of the path that holds, not of what was sent: anyone can send a pinned certificate along. */
    private List<String> pathKeys(X509Certificate[] chain) {
        return path(chain).stream().map(Trust::sha256).toList();
    }

    /** From a server's certificate up to the one that is trusted, in order, whatever the order in which they were sent. */
    private List<X509Certificate> path(X509Certificate[] chain) {
        List<X509Certificate> certificates = new ArrayList<>(List.of(chain[0]));
        try {
            X509CertSelector target = new X509CertSelector();
            target.setCertificate(chain[0]);
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(parametersAnchors(), target);
            parameters.setRevocationEnabled(false);
            parameters.addCertStore(
                    CertStore.getInstance("Collection", new CollectionCertStoreParameters(List.of(chain))));
            PKIXCertPathBuilderResult path = (PKIXCertPathBuilderResult)
                    CertPathBuilder.getInstance("PKIX").build(parameters);
            path.getCertPath().getCertificates().stream()
                    .skip(1)
                    .forEach(each -> certificates.add((X509Certificate) each));
            certificates.add(path.getTrustAnchor().getTrustedCert());
        } catch (GeneralSecurityException e) {
            return certificates; // the leaf itself is trusted
        }
        return certificates;
    }

    /**
     * That a certificate in a chain was revoked, which somebody knows; null when nobody does. Each certificate is asked about by itself, below its issuer:
     * Java's check of a whole chain ends at the first certificate about which nobody is to be asked, and then says nothing of those below it.
     *
     * @param stapled what the server sent along about its certificates, in their order; may be shorter
     */
    @Nullable
    CertPathValidatorException revoked(X509Certificate[] chain, List<byte[]> stapled) {
        Map<X509Certificate, byte[]> responses = new HashMap<>();
        for (int i = 0; i < Math.min(chain.length, stapled.size()); i++) {
            if (stapled.get(i).length > 0) {
                responses.put(chain[i], stapled.get(i));
            }
        }
        List<X509Certificate> path = path(chain);
        for (int i = 0; i + 1 < path.size(); i++) {
            try {
                PKIXBuilderParameters below = parameters(new X509CertSelector());
                below.setTrustAnchors(Set.of(new TrustAnchor(path.get(i + 1), null)));
                List<PKIXCertPathChecker> checkers = below.getCertPathCheckers();
                for (PKIXCertPathChecker checker : checkers) {
                    if (checker instanceof PKIXRevocationChecker revocations) {
                        revocations.setOcspResponses(responses);
                    }
                }
                below.setCertPathCheckers(checkers);
                CertPathValidator.getInstance("PKIX")
                        .validate(
                                CertificateFactory.getInstance("X.509").generateCertPath(List.of(path.get(i))), below);
            } catch (CertPathValidatorException e) {
                if (e.getReason() == BasicReason.REVOKED) {
                    return e;
                }
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this Java cannot check a chain", e);
            }
        }
        return null;
    }

    private Set<TrustAnchor> parametersAnchors() {
        Set<TrustAnchor> trusted = new HashSet<>();
        anchors.forEach(anchor -> trusted.add(new TrustAnchor(anchor, null)));
        return trusted;
    }

    static String sha256(X509Certificate certificate) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256")
                            .digest(certificate.getPublicKey().getEncoded()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    /** Refuses weak keys and signatures, of which Java's own limits take some. */
    private static final class StrongEnough extends PKIXCertPathChecker {
        @Override
        public void init(boolean forward) {}

        @Override
        public boolean isForwardCheckingSupported() {
            return true;
        }

        @Override
        public @Nullable Set<String> getSupportedExtensions() {
            return null;
        }

        @Override
        public void check(Certificate certificate, Collection<String> unresolved) throws CertPathValidatorException {
            X509Certificate each = (X509Certificate) certificate;
            String weakness = Certificates.weakness(each, true);
            if (weakness != null) {
                throw new CertPathValidatorException(
                        "the certificate of " + Certificates.name(each) + " " + weakness,
                        null,
                        null,
                        -1,
                        BasicReason.ALGORITHM_CONSTRAINED);
            }
        }
    }
}
