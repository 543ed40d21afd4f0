package io.intaglio.client.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a keystore holds. Immutable; private keys are not shown. */
public final class KeystoreContent {

    /** How a keystore is written. */
    public enum Format {
        /** Certificates and keys as text between BEGIN and END lines (RFC 7468). */
        PEM,
        /** One certificate as binary DER. */
        DER,
        /** RFC 7292; {@code .p12} and {@code .pfx}. */
        PKCS12,
        /** Java's old keystores, JKS and JCEKS. */
        JKS,
        /** Bouncy Castle's FIPS keystore. */
        BCFKS,
        /** A token; its keys do not leave it. */
        PKCS11,
        /** A keystore that the program has loaded itself. */
        LOADED
    }

    /** One entry: a private key with its certificates, or a certificate that is trusted. */
    public static final class Entry {
        private final String alias;
        private final @Nullable PrivateKey key;
        private final List<X509Certificate> certificates;
        private final @Nullable String fault;

        Entry(String alias, @Nullable PrivateKey key, List<X509Certificate> certificates, @Nullable String fault) {
            this.alias = alias;
            this.key = key;
            this.certificates = List.copyOf(certificates);
            this.fault = fault;
        }

        /** Its name; in PEM its place, from 1. */
        public String alias() {
            return alias;
        }

        /** Whether there is a private key. */
        public boolean hasKey() {
            return key != null;
        }

        @Nullable
        PrivateKey key() {
            return key;
        }

        /** With a key, its own certificate first and then those that issued it, as far as the store has them. */
        public List<X509Certificate> certificates() {
            return certificates;
        }

        /**
         * What keeps the entry from being a client's identity, the worst first; empty when nothing does.
         *
         * @param now when it is to be used
         */
        public List<String> faults(Instant now) {
            List<String> faults = new ArrayList<>();
            if (fault != null) {
                faults.add(fault);
            }
            if (key == null) {
                return faults;
            }
            if (certificates.isEmpty()) {
                faults.add(
                        "it has a private key and no certificate; put the certificate that was issued for it beside it");
                return faults;
            }
            X509Certificate leaf = certificates.get(0);
            String weakness = Certificates.weakness(leaf, !Certificates.isSelfIssued(leaf));
            if (weakness != null) {
                faults.add("its certificate of " + Certificates.name(leaf) + " " + weakness
                        + "; have one issued for a new key, signed with SHA-256 or better");
            }
            if (key.getEncoded() != null && !KeyPairs.match(key, leaf.getPublicKey())) { // a token pairs its own
                faults.add("its private key does not belong to its certificate of " + Certificates.name(leaf)
                        + "; take the key from which that certificate was requested");
            }
            for (int i = 1; i < certificates.size(); i++) {
                if (!Certificates.issued(certificates.get(i), certificates.get(i - 1))) {
                    faults.add("its chain is broken: " + Certificates.name(certificates.get(i)) + " did not issue "
                            + Certificates.name(certificates.get(i - 1))
                            + "; put the issuer's certificates after the client's, each the issuer of the one before");
                    break;
                }
            }
            for (X509Certificate each : certificates) {
                validity(each, now).ifPresent(faults::add);
            }
            if (!Certificates.allows(leaf, Certificates.CLIENT_AUTH)) {
                faults.add("its certificate of " + Certificates.name(leaf)
                        + " is not for clients: its extended key usage lacks clientAuth; have one issued with it");
            }
            boolean[] usage = leaf.getKeyUsage();
            if (usage != null && !usage[0]) {
                faults.add("its certificate of " + Certificates.name(leaf)
                        + " may not sign: its key usage lacks digitalSignature; have one issued with it");
            }
            return faults;
        }

        private static Optional<String> validity(X509Certificate certificate, Instant now) {
            Instant until = certificate.getNotAfter().toInstant();
            Instant from = certificate.getNotBefore().toInstant();
            if (now.isAfter(until)) {
                return Optional.of("its certificate of " + Certificates.name(certificate) + " expired on "
                        + Certificates.day(until) + "; have it renewed");
            }
            if (now.isBefore(from)) {
                return Optional.of("its certificate of " + Certificates.name(certificate) + " is valid from "
                        + Certificates.day(from) + " on; wait, or check this host's clock");
            }
            return Optional.empty();
        }

        /** The alias. */
        @Override
        public String toString() {
            return alias;
        }
    }

    private final Format format;
    private final List<Entry> entries;

    KeystoreContent(Format format, List<Entry> entries) {
        this.format = format;
        this.entries = List.copyOf(entries);
    }

    /** How it is written. */
    public Format format() {
        return format;
    }

    /** Its entries, in the store's order. */
    public List<Entry> entries() {
        return entries;
    }

    /** Format and aliases. */
    @Override
    public String toString() {
        return format + " " + entries;
    }
}
