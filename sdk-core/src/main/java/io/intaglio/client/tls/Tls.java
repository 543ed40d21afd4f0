package io.intaglio.client.tls;

import io.intaglio.signing.secret.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CRL;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trust and identity of a client's connections. TLS 1.2 is the floor and 1.3 is preferred; cipher suites are those with forward secrecy and
 * authenticated encryption (RFC 9325); keys and signatures that are weak are refused; host names are always checked, by RFC 9525, and there is no
 * setting that trusts everyone. Thread-safe.
 *
 * <p>Files are read in {@link Builder#build}, where every fault is told in one sentence, and read again by {@link #refresh} when their content has
 * changed: a client does that before it opens a connection and about once a second while calls are made. New content is taken only when all of it is good; what is
 * bad changes nothing and is told by {@link #refusal}.
 *
 * <pre>{@code
 * Tls tls = Tls.builder()
 *         .trust(Path.of("venue-ca.pem"))
 *         .keystore(Keystore.file(Path.of("desk.p12")).password(password))
 *         .build();
 * }</pre>
 */
public final class Tls {
    /** AEAD with an ephemeral key exchange, RFC 9325 section 4.2 and the suites of TLS 1.3. */
    private static final List<String> SUITES = List.of(
            "TLS_AES_256_GCM_SHA384",
            "TLS_AES_128_GCM_SHA256",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final int MOST_HOSTS = 1000;
    private static final Duration REFUSED_PAUSE = Duration.ofSeconds(30);

    /** A certificate that will expire. */
    public record Expiry(Role role, String name, Instant notAfter) {
        /** Whose it is. */
        public enum Role {
            /** The client's own. */
            CLIENT,
            /** One that issued the client's. */
            CLIENT_CHAIN,
            /** One of a server that was connected to. */
            SERVER
        }
    }

    /** What was read at one time, whole. */
    private record Loaded(long generation, SSLContext context, String digest, List<Identity> identities) {}

    private final Builder settings;
    private final Set<Path> files;
    private final ReentrantLock looking = new ReentrantLock();
    private final Map<String, X509Certificate> servers = new ConcurrentHashMap<>();
    private volatile Loaded loaded;
    private volatile @Nullable String refusal;
    private @Nullable String refused;
    private Instant refusedAt = Instant.EPOCH;

    private Tls(Builder settings) {
        this.settings = settings;
        this.files = settings.files();
        this.loaded = load(0, digest());
    }

    /** Trusts the certificate authorities of this Java installation and shows no certificate. */
    public static Tls system() {
        return builder().build();
    }

    /** Begins with the trust of {@link #system()}. */
    public static Builder builder() {
        return new Builder();
    }

    /** For a transport: makes sockets with this trust and identity, as they were last read. */
    public SSLContext sslContext() {
        return loaded.context;
    }

    /** For a transport: the protocols to speak, best first. */
    public String[] protocols() {
        return new String[] {"TLSv1.3", "TLSv1.2"};
    }

    /** For a transport: the cipher suites to offer, best first. */
    public String[] cipherSuites() {
        Set<String> known = Set.of(loaded.context.getSupportedSSLParameters().getCipherSuites());
        return SUITES.stream().filter(known::contains).toArray(String[]::new);
    }

    /** Counts up each time that changed files were taken; connections of before are not to be used again. */
    public long generation() {
        return loaded.generation;
    }

    /** Why the files as they are now were not taken, so that those of before still count; empty when all is well. */
    public Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }

    /**
     * Looks whether a file's content has changed and, if so, reads all of them again. Never fails: what cannot be used is told by {@link #refusal},
     * and tried again 30 s later though no file has changed: its certificate may begin to count, or its password come after it. Returns at once while
     * another thread looks.
     *
     * @return whether changed files were taken
     */
    public boolean refresh() {
        if (files.isEmpty() || !looking.tryLock()) {
            return false;
        }
        try {
            String digest = digest();
            if (digest.equals(loaded.digest)) {
                refusal = null;
                refused = null;
                return false;
            }
            Instant now = settings.clock.instant();
            if (digest.equals(refused) && isWithinPause(now)) {
                return false;
            }
            try {
                loaded = load(loaded.generation + 1, digest);
                refusal = null;
                refused = null;
                return true;
            } catch (RuntimeException e) { // a source of passwords may fail in its own way
                refusal = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
                refused = digest;
                refusedAt = now;
                return false;
            }
        } finally {
            looking.unlock();
        }
    }

    /** Whether refused files wait to be tried again; a clock that was set back ends the wait. */
    private boolean isWithinPause(Instant now) {
        return !now.isBefore(refusedAt) && now.isBefore(refusedAt.plus(REFUSED_PAUSE));
    }

    /** When the client's certificates expire, those that issued them, and those of servers that were connected to. */
    public List<Expiry> expiries() {
        List<Expiry> expiries = new ArrayList<>();
        for (Identity identity : loaded.identities) {
            for (int i = 0; i < identity.chain().size(); i++) {
                Expiry.Role role = i == 0 ? Expiry.Role.CLIENT : Expiry.Role.CLIENT_CHAIN;
                expiries.add(expiry(
                        role,
                        Certificates.name(identity.chain().get(i)),
                        identity.chain().get(i)));
            }
        }
        servers.forEach((host, certificate) -> expiries.add(expiry(Expiry.Role.SERVER, host, certificate)));
        return expiries;
    }

    private static Expiry expiry(Expiry.Role role, String name, X509Certificate certificate) {
        return new Expiry(role, name, certificate.getNotAfter().toInstant());
    }

    /** The serial numbers of the certificates that are shown now, in hexadecimal. */
    public List<String> serialNumbers() {
        return loaded.identities.stream()
                .map(identity -> identity.certificate().getSerialNumber().toString(16))
                .toList();
    }

    /** Says in words why a handshake failed, or a connection ended by an alert, and the next step. */
    public static String inWords(IOException failure) {
        return TlsFault.inWords(failure);
    }

    /**
     * Whether a server ended a new connection because of the client's certificate. In TLS 1.3 that may come to light only after the first request was
     * written; it was not executed then, as the server had not finished the handshake (RFC 8446 section 4.4.2.4).
     */
    public static boolean isOfClientCertificate(IOException failure) {
        return TlsFault.isOfOurCertificate(failure);
    }

    IdentityManager keyManager() {
        return new IdentityManager(loaded.identities);
    }

    ServerCheck serverCheck() throws GeneralSecurityException {
        return new ServerCheck(settings.trust(), settings.clock, this::seen);
    }

    private Loaded load(long generation, String digest) {
        try {
            Instant now = settings.clock.instant();
            List<Identity> identities = settings.keystores.stream()
                    .map(keystore -> Identity.of(keystore, now))
                    .toList();
            Trust trust = settings.trust();
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    identities.isEmpty() ? new KeyManager[0] : new KeyManager[] {new IdentityManager(identities)},
                    new TrustManager[] {new ServerCheck(trust, settings.clock, this::seen)},
                    null);
            return new Loaded(generation, context, digest, identities);
        } catch (GeneralSecurityException e) {
            throw new KeystoreException("TLS cannot be set up: " + e.getMessage()
                    + "; check the Java installation and its security settings");
        }
    }

    private void seen(String host, X509Certificate certificate) {
        if (servers.size() < MOST_HOSTS || servers.containsKey(host)) {
            servers.put(host, certificate);
        }
    }

    /** Of all files; a file that cannot be read counts as empty. */
    private String digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path file : files) {
                byte[] content = {};
                try (InputStream in = Files.newInputStream(file)) {
                    content = in.readNBytes(
                            KeystoreReader.MOST_BYTES + 1); // one more than is taken, so that it is refused
                } catch (IOException e) {
                    // reading it again says what is wrong with it
                }
                digest.update((file + "\0" + content.length + "\0").getBytes(java.nio.charset.StandardCharsets.UTF_8));
                digest.update(content);
                Arrays.fill(content, (byte) 0);
            }
            return Base64.getEncoder().encodeToString(digest.digest());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    /** How many identities; no more. */
    @Override
    public String toString() {
        return "Tls[" + loaded.identities.size() + " identities, generation " + loaded.generation + "]";
    }

    /** Collects trust and identity. Not thread-safe. */
    public static final class Builder {
        private final List<Keystore> keystores = new ArrayList<>();
        private final List<X509Certificate> anchors = new ArrayList<>();
        private final List<Keystore> truststores = new ArrayList<>();
        private final List<Path> crls = new ArrayList<>();
        private final List<Trust.Pins> pins = new ArrayList<>();
        private boolean systemTrust;
        private Revocation revocation = Revocation.NONE;
        private InstantSource clock = InstantSource.system();

        private Builder() {}

        private Builder(Builder from) {
            keystores.addAll(from.keystores);
            anchors.addAll(from.anchors);
            truststores.addAll(from.truststores);
            crls.addAll(from.crls);
            pins.addAll(from.pins);
            systemTrust = from.systemTrust;
            revocation = from.revocation;
            clock = from.clock;
        }

        /** Trusts this certificate authority, or this very certificate, and those named before; no longer those of the Java installation. */
        public Builder trust(X509Certificate anchor) {
            anchors.add(Objects.requireNonNull(anchor, "anchor"));
            return this;
        }

        /** Trusts all certificates of a file in PEM or DER, as {@link #trust(X509Certificate)}. */
        public Builder trust(Path file) {
            return trust(Keystore.file(file));
        }

        /** Trusts all certificates of a truststore, as {@link #trust(X509Certificate)}. */
        public Builder trust(Keystore truststore) {
            truststores.add(Objects.requireNonNull(truststore, "truststore"));
            return this;
        }

        /** Trusts the authorities of the Java installation besides those that are named. */
        public Builder alsoSystemTrust() {
            systemTrust = true;
            return this;
        }

        /** Shows the certificate of this keystore when a server asks for one (mTLS). May be said more than once, for several hosts. */
        public Builder keystore(Keystore keystore) {
            keystores.add(Objects.requireNonNull(keystore, "keystore"));
            return this;
        }

        /**
         * Shows the certificate in this keystore when a server asks for one (mTLS).
         *
         * @param keystore loaded; the entry with a private key is used
         * @param password of the private key
         */
        public Builder keystore(KeyStore keystore, Secret password) {
            return keystore(Keystore.of(keystore).password(Objects.requireNonNull(password, "password")));
        }

        /** Whether servers' certificates are looked up as revoked; {@link Revocation#NONE} unless set. */
        public Builder revocation(Revocation kind) {
            revocation = Objects.requireNonNull(kind, "kind");
            return this;
        }

        /** A revocation list (RFC 5280) in a file, in PEM or DER, read again when it changes. Takes effect with {@link #revocation}. */
        public Builder crl(Path file) {
            crls.add(Objects.requireNonNull(file, "file"));
            return this;
        }

        /**
         * Takes a server only when the key of its certificate, or of one that issued it, is among these, besides all other checks.
         *
         * @param hosts a name, or {@code *.venue.com}
         * @param sha256 SHA-256 of each SubjectPublicKeyInfo in base64, with or without {@code sha256/} in front (RFC 7469 section 2.4); at
         *     least two, as the venue will change its key one day
         */
        public Builder pin(String hosts, String... sha256) {
            Set<String> keys = new LinkedHashSet<>();
            for (String pin : sha256) {
                String key = pin.startsWith("sha256/") ? pin.substring(7) : pin;
                try {
                    if (Base64.getDecoder().decode(key).length != 32) {
                        throw new IllegalArgumentException("not 32 bytes");
                    }
                } catch (IllegalArgumentException e) {
                    throw new KeystoreException(
                            "the pin " + pin + " for " + hosts
                                    + " is not the base64 of a SHA-256; take it from: intaglio keystore test-handshake HOST:PORT");
                }
                keys.add(key);
            }
            if (keys.size() < 2) {
                throw new KeystoreException(
                        "one pin for " + hosts
                                + " locks you out when the venue changes its key; pin a spare too, such as that of its authority");
            }
            pins.add(new Trust.Pins(hosts, keys));
            return this;
        }

        /** By which certificates are valid or not; the system's unless set. For tests. */
        public Builder clock(InstantSource source) {
            clock = Objects.requireNonNull(source, "source");
            return this;
        }

        /**
         * Reads all files.
         *
         * @throws KeystoreException when one cannot be used; the message says which, why, and the next step
         */
        public Tls build() {
            return new Tls(new Builder(this));
        }

        private Set<Path> files() {
            Set<Path> files = new LinkedHashSet<>(crls);
            keystores.forEach(each -> files.addAll(each.files()));
            truststores.forEach(each -> files.addAll(each.files()));
            return files;
        }

        private Trust trust() {
            Collection<X509Certificate> trusted = new HashSet<>(anchors);
            for (Keystore truststore : truststores) {
                trusted.addAll(anchors(truststore));
            }
            if (systemTrust || anchors.isEmpty() && truststores.isEmpty()) {
                trusted.addAll(Trust.ofTheSystem());
            }
            List<CRL> lists = new ArrayList<>();
            crls.forEach(file -> lists.addAll(lists(file)));
            return new Trust(trusted, revocation, lists, pins);
        }

        private static List<X509Certificate> anchors(Keystore truststore) {
            List<X509Certificate> found = new ArrayList<>();
            KeystoreContent content;
            try {
                content = truststore.read();
            } catch (KeystoreException e) {
                throw new KeystoreException(String.valueOf(e.getMessage()).replaceFirst("\\bkeystore ", "truststore "));
            }
            for (KeystoreContent.Entry entry : content.entries()) {
                if (!entry.hasKey()) {
                    found.addAll(entry.certificates());
                }
            }
            if (found.isEmpty()) {
                throw new KeystoreException(truststore.subject().replaceFirst("^keystore", "truststore")
                        + " holds no trusted certificate; put the authority's certificate into it, without a key");
            }
            return found;
        }

        private static Collection<? extends CRL> lists(Path file) {
            byte[] content = KeystoreReader.content("revocation list " + file, file);
            try {
                Collection<? extends CRL> found =
                        CertificateFactory.getInstance("X.509").generateCRLs(new ByteArrayInputStream(content));
                if (found.isEmpty()) {
                    throw new KeystoreException("revocation list " + file + " holds none; check the path");
                }
                return found;
            } catch (GeneralSecurityException e) {
                throw new KeystoreException("revocation list " + file + " is damaged; fetch it again");
            }
        }
    }
}
