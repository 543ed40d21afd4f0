package io.intaglio.testkit;

import io.intaglio.signing.secret.InsecureSecretAccess;
import io.intaglio.signing.secret.Secret;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An OAuth 2 authorization server on 127.0.0.1 with real TLS, and behind it a venue that takes its tokens. Thread-safe.
 *
 * <p>{@code POST /token} checks the client: its secret, its assertion (signature, issuer, subject, audience, times, and that it is sent once) or its
 * certificate. A token that was asked for with a DPoP proof is bound to the proof's key, and one that was asked for by a client that showed a
 * certificate is bound to that. Proofs are checked whole: signature, method, address, time, token hash, nonce, and that each is sent once. The
 * metadata is where RFC 8414 says. Every other path is the venue's, and answers {@code {"client":...}} to a token that is valid and bound to the
 * sender.
 */
public final class TokenServer implements AutoCloseable {
    private static final String METADATA = "/.well-known/oauth-authorization-server";
    private static final String TOKEN = "/token";
    private static final Duration TOLERANCE = Duration.ofSeconds(30);
    private static final Duration LONGEST_ASSERTION = Duration.ofMinutes(5);
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private record Client(
            @Nullable String secret,
            @Nullable PublicKey key,
            @Nullable String certificate) {}

    private record Issued(
            String clientId,
            Instant end,
            @Nullable String dpopKey,
            @Nullable String certificate) {}

    /** What a client gets instead of what it asked for. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final int status;
        private final String error;

        Refused(int status, String error, String description) {
            super(description);
            this.status = status;
            this.error = error;
        }
    }

    private final InstantSource clock;
    private final Duration lifetime;
    private final boolean demandsNonce;
    private final SecureRandom random = new SecureRandom();
    private final Certificates certificates = new Certificates(random);
    private final VenueServer server;
    private final FaultScript faults = new FaultScript();
    // Guarded by this.
    private final Map<String, Client> clients = new HashMap<>();
    private final Map<String, Issued> tokens = new HashMap<>();
    private final Map<String, String> refreshTokens = new HashMap<>();
    private final Set<String> seen = new HashSet<>();
    private final List<ReceivedRequest> received = new ArrayList<>();
    private final Deque<Answer> scripted = new ArrayDeque<>();
    private String nonce = "nonce-1";
    private int nonces = 1;
    private boolean refusesEveryNonce;
    private Duration skew = Duration.ZERO;
    private int tokenRequests;
    private int served;
    private @Nullable String issuer;

    private TokenServer(Builder builder) {
        this.clock = builder.clock;
        this.lifetime = builder.lifetime;
        this.demandsNonce = builder.demandsNonce;
        this.server = new VenueServer(
                certificates.serverContext(), VenueServer.ClientCertificate.ASKED_FOR, this::now, new Exchange());
        server.start();
    }

    /** A started server in real time whose tokens live for five minutes. */
    public static TokenServer start() {
        return builder().start();
    }

    /** Begins a server with settings of its own. */
    public static Builder builder() {
        return new Builder();
    }

    /** Where it listens, {@code https://127.0.0.1:port}; also its issuer. */
    public URI uri() {
        return URI.create("https://127.0.0.1:" + server.port());
    }

    /** Where tokens are asked for. */
    public URI tokenEndpoint() {
        return uri().resolve(TOKEN);
    }

    /** The root certificate that signed the server's. */
    public X509Certificate trustAnchor() {
        return certificates.root();
    }

    /** A new PKCS#12 store with one entry, {@code client}: a key and a certificate that nobody else has. */
    public KeyStore newClientKeyStore() {
        return certificates.newClientKeyStore();
    }

    /** The password of the entries in {@link #newClientKeyStore()}. A new array on each call. */
    public char[] clientKeyPassword() {
        return Certificates.PASSWORD.toCharArray();
    }

    /** Registers a client by its secret, to be sent in the header or in the body; copied. */
    public void addClient(String clientId, Secret secret) {
        String text = InsecureSecretAccess.use(secret, bytes -> new String(bytes, StandardCharsets.UTF_8));
        add(clientId, new Client(text, null, null));
    }

    /** Registers a client that signs assertions. */
    public void addClient(String clientId, PublicKey key) {
        add(clientId, new Client(null, Objects.requireNonNull(key, "key"), null));
    }

    /** Registers a client by its certificate. */
    public void addClient(String clientId, X509Certificate certificate) {
        add(clientId, new Client(null, null, thumbprint(certificate)));
    }

    private synchronized void add(String clientId, Client client) {
        clients.put(Objects.requireNonNull(clientId, "clientId"), client);
    }

    /** A refresh token of this client, which each use replaces by another. */
    public synchronized Secret newRefreshToken(String clientId) {
        return Secret.takeOver(refreshTokenOf(clientId).getBytes(StandardCharsets.US_ASCII));
    }

    private String refreshTokenOf(String clientId) {
        String token = randomText();
        refreshTokens.put(token, clientId);
        return token;
    }

    /** Whether this is a refresh token that was not used yet. */
    public synchronized boolean isUnused(Secret refreshToken) {
        return InsecureSecretAccess.use(
                refreshToken, bytes -> refreshTokens.containsKey(new String(bytes, StandardCharsets.US_ASCII)));
    }

    /** From now on no token that was given so far is taken. */
    public synchronized void revokeTokens() {
        tokens.clear();
    }

    /** From now on proofs need another nonce. */
    public synchronized void renewNonce() {
        nonce = "nonce-" + ++nonces;
    }

    /** From now on each answer tells another nonce, and none is ever right. */
    public synchronized void refuseEveryNonce() {
        refusesEveryNonce = true;
        renewNonce();
    }

    /** Sets the server's time apart from its clock. */
    public synchronized void skew(Duration newSkew) {
        skew = Objects.requireNonNull(newSkew, "newSkew");
    }

    /** What the metadata names as issuer, so that it can lie. */
    public synchronized void issuer(String claimed) {
        issuer = Objects.requireNonNull(claimed, "claimed");
    }

    /** The next request to the token endpoint is answered so, whatever it is; may be called for several. */
    public synchronized void answerNext(int status, String json) {
        scripted.addLast(Answer.text(status, "application/json", json));
    }

    /** What will go wrong, at the token endpoint and elsewhere. */
    public FaultScript faults() {
        return faults;
    }

    /** How many requests came to the token endpoint, whatever became of them. */
    public synchronized int tokenRequests() {
        return tokenRequests;
    }

    /** How many requests elsewhere came with a token that was taken. */
    public synchronized int served() {
        return served;
    }

    /** All requests, oldest first. */
    public synchronized List<ReceivedRequest> received() {
        return new ArrayList<>(received);
    }

    /** Stops listening and ends all connections at once. */
    @Override
    public void close() {
        server.close();
    }

    /** The address. */
    @Override
    public String toString() {
        return "TokenServer[" + uri() + "]";
    }

    private synchronized Instant now() {
        return clock.instant().plus(skew);
    }

    private String randomText() {
        byte[] bytes = new byte[24];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String thumbprint(X509Certificate certificate) {
        try {
            return SignedToken.sha256(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("the certificate has no encoding", e);
        }
    }

    private static Answer error(int status, String error, String description) {
        return Answer.json(status, Json.object("error", error, "error_description", description));
    }

    /** One request. */
    private final class Exchange implements VenueServer.Handler {
        @Override
        public @Nullable Fault faultFor(String path) {
            return path.equals(METADATA) ? null : faults.take(path);
        }

        @Override
        public Answer answer(ReceivedRequest request, @Nullable Fault fault) {
            synchronized (TokenServer.this) {
                received.add(request);
                tokenRequests += request.path().equals(TOKEN) ? 1 : 0;
                Answer answer = fault == null ? handled(request) : broken(request, fault);
                if (refusesEveryNonce) {
                    renewNonce();
                }
                if (demandsNonce && answer.ending() == Answer.Ending.ANSWER) {
                    answer.header("DPoP-Nonce", nonce);
                }
                return answer.header("Date", HTTP_DATE.format(now()));
            }
        }

        private Answer broken(ReceivedRequest request, Fault fault) {
            return switch (fault.kind()) {
                case ACCEPT_THEN_LOSE_ANSWER -> {
                    handled(request);
                    yield Answer.nothing(Answer.Ending.CLOSE);
                }
                case CLOSE_AFTER_READING -> Answer.nothing(Answer.Ending.CLOSE);
                case RESET_BEFORE_READING, RESET_AFTER_READING -> Answer.nothing(Answer.Ending.RESET);
                case SLOW -> handled(request).after(fault.duration());
                case UNAVAILABLE -> Answer.html(503, "Service Unavailable");
                case THROTTLED ->
                    error(429, "slow_down", "too many").retryAfter(Objects.requireNonNull(fault.duration()));
                default -> throw new IllegalArgumentException("a token server does not know " + fault);
            };
        }

        private Answer handled(ReceivedRequest request) {
            if (request.path().equals(METADATA)) {
                return metadata();
            }
            if (!request.path().equals(TOKEN)) {
                return protectedCall(request);
            }
            Answer next = scripted.poll();
            if (next != null) {
                return next;
            }
            try {
                return token(request, form(request.body()));
            } catch (Refused e) {
                return error(e.status, e.error, Objects.requireNonNull(e.getMessage()));
            }
        }

        private Answer metadata() {
            String claimed = issuer == null ? uri().toString() : issuer;
            return Answer.json(
                    200,
                    Json.object(
                            "issuer",
                            claimed,
                            "token_endpoint",
                            tokenEndpoint().toString(),
                            "grant_types_supported",
                            List.of("client_credentials", "refresh_token"),
                            "token_endpoint_auth_methods_supported",
                            List.of("client_secret_basic", "client_secret_post", "private_key_jwt", "tls_client_auth"),
                            "token_endpoint_auth_signing_alg_values_supported",
                            List.of("ES256", "ES384", "EdDSA", "RS256", "PS256"),
                            "dpop_signing_alg_values_supported",
                            List.of("ES256", "EdDSA", "PS256")));
        }

        private Answer token(ReceivedRequest request, Map<String, String> form) throws Refused {
            String clientId = authenticated(request, form);
            String dpopKey = request.header("DPoP").isPresent() ? proofKey(request, null) : null;
            String certificate =
                    request.clientCertificate().map(TokenServer::thumbprint).orElse(null);
            Map<String, Object> answer = Json.object("token_type", dpopKey == null ? "Bearer" : "DPoP");
            switch (form.getOrDefault("grant_type", "")) {
                case "client_credentials" -> {}
                case "refresh_token" -> {
                    if (!clientId.equals(refreshTokens.remove(form.getOrDefault("refresh_token", "")))) {
                        throw new Refused(400, "invalid_grant", "the refresh token is unknown or was used");
                    }
                    answer.put("refresh_token", refreshTokenOf(clientId));
                }
                default -> throw new Refused(400, "unsupported_grant_type", "no such grant");
            }
            if (form.getOrDefault("scope", "").contains("forbidden")) {
                throw new Refused(400, "invalid_scope", "not allowed");
            }
            String value = randomText();
            tokens.put(value, new Issued(clientId, now().plus(lifetime), dpopKey, certificate));
            answer.put("access_token", value);
            answer.put("expires_in", lifetime.toSeconds());
            return Answer.json(200, answer).header("Cache-Control", "no-store");
        }

        private String authenticated(ReceivedRequest request, Map<String, String> form) throws Refused {
            String basic = request.header("Authorization").orElse("");
            if (basic.startsWith("Basic ")) {
                String[] pair = new String(Base64.getDecoder().decode(basic.substring(6)), StandardCharsets.UTF_8)
                        .split(":", 2);
                String id = URLDecoder.decode(pair[0], StandardCharsets.UTF_8);
                return bySecret(id, URLDecoder.decode(pair[pair.length - 1], StandardCharsets.UTF_8));
            }
            String id = form.getOrDefault("client_id", "");
            if (form.containsKey("client_secret")) {
                return bySecret(id, form.get("client_secret"));
            }
            if (form.containsKey("client_assertion")) {
                return byAssertion(id, form);
            }
            Client client = clients.get(id);
            String shown =
                    request.clientCertificate().map(TokenServer::thumbprint).orElse("none");
            if (client == null || client.certificate == null || !client.certificate.equals(shown)) {
                throw invalidClient("the certificate is not the registered one");
            }
            return id;
        }

        private String bySecret(String id, @Nullable String secret) throws Refused {
            Client client = clients.get(id);
            if (client == null || client.secret == null || !client.secret.equals(secret)) {
                throw invalidClient("no such client or secret");
            }
            return id;
        }

        private String byAssertion(String id, Map<String, String> form) throws Refused {
            SignedToken assertion = SignedToken.read(form.getOrDefault("client_assertion", ""));
            if (assertion == null
                    || !"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
                            .equals(form.get("client_assertion_type"))) {
                throw invalidClient("no assertion");
            }
            String subject = assertion.claim("sub");
            Client client = clients.get(subject);
            if (client == null
                    || client.key == null
                    || !subject.equals(assertion.claim("iss"))
                    || !id.isEmpty() && !id.equals(subject)) {
                throw invalidClient("no such client");
            }
            if (!assertion.isSignedBy(client.key)) {
                throw invalidClient("the assertion's signature is wrong");
            }
            String audience = assertion.claim("aud");
            if (!audience.equals(uri().toString())
                    && !audience.equals(tokenEndpoint().toString())) {
                throw invalidClient("the assertion is meant for another audience");
            }
            Instant now = now();
            Instant end = Instant.ofEpochSecond(assertion.seconds("exp"));
            Instant start = Instant.ofEpochSecond(assertion.seconds("iat"));
            if (!now.isBefore(end)
                    || now.plus(TOLERANCE).isBefore(start)
                    || end.isAfter(now.plus(LONGEST_ASSERTION).plus(TOLERANCE))) {
                throw invalidClient("the assertion is not valid at this time");
            }
            if (assertion.claim("jti").isEmpty() || !seen.add("assertion " + assertion.claim("jti"))) {
                throw invalidClient("the assertion was used before");
            }
            return subject;
        }

        private static Refused invalidClient(String description) {
            return new Refused(401, "invalid_client", description);
        }

        /** Checks the proof and gives the thumbprint of its key. */
        private String proofKey(ReceivedRequest request, @Nullable String token) throws Refused {
            SignedToken proof = SignedToken.read(request.header("DPoP").orElse(""));
            PublicKey key = proof == null ? null : proof.embeddedKey();
            if (proof == null
                    || key == null
                    || request.headers().stream()
                                    .filter(header -> header.name().equalsIgnoreCase("DPoP"))
                                    .count()
                            != 1
                    || !proof.header("typ").equals("dpop+jwt")
                    || !proof.isSignedBy(key)) {
                throw invalidProof("it is none, or its signature is wrong");
            }
            if (!proof.claim("htm").equals(request.method())
                    || !proof.claim("htu").equals(uri() + request.path())) {
                throw invalidProof("it is for another request");
            }
            if (Duration.between(Instant.ofEpochSecond(proof.seconds("iat")), now())
                            .abs()
                            .compareTo(TOLERANCE)
                    > 0) {
                throw invalidProof("it was made at another time");
            }
            String hash = token == null ? "" : SignedToken.sha256(token.getBytes(StandardCharsets.US_ASCII));
            if (!proof.claim("ath").equals(hash)) {
                throw invalidProof("it is for another token");
            }
            if (proof.claim("jti").isEmpty() || !seen.add("proof " + proof.claim("jti"))) {
                throw invalidProof("it was used before");
            }
            if (refusesEveryNonce || demandsNonce && !proof.claim("nonce").equals(nonce)) {
                throw new Refused(400, "use_dpop_nonce", "the proof needs our nonce");
            }
            return proof.thumbprint();
        }

        private static Refused invalidProof(String description) {
            return new Refused(400, "invalid_dpop_proof", description);
        }

        private Answer protectedCall(ReceivedRequest request) {
            String[] parts = request.header("Authorization").orElse("").split(" ", 2);
            Issued issued = parts.length == 2 ? tokens.get(parts[1]) : null;
            String wanted = issued != null && issued.dpopKey != null ? "DPoP" : "Bearer";
            if (issued == null || !now().isBefore(issued.end) || !parts[0].equals(wanted)) {
                return unauthorized(parts[0].equals("DPoP") ? "DPoP" : "Bearer", "invalid_token");
            }
            String shown =
                    request.clientCertificate().map(TokenServer::thumbprint).orElse("none");
            if (issued.certificate != null && !issued.certificate.equals(shown)) {
                return unauthorized("Bearer", "invalid_token");
            }
            if (issued.dpopKey != null) {
                try {
                    if (!issued.dpopKey.equals(proofKey(request, parts[1]))) {
                        return unauthorized("DPoP", "invalid_token");
                    }
                } catch (Refused e) {
                    return unauthorized("DPoP", e.error);
                }
            }
            served++;
            return Answer.json(200, Json.object("client", issued.clientId));
        }

        private static Answer unauthorized(String scheme, String error) {
            return error(401, error, "refused").header("WWW-Authenticate", scheme + " error=\"" + error + "\"");
        }

        private static Map<String, String> form(String body) {
            Map<String, String> form = new HashMap<>();
            for (String field : List.of(body.split("&", -1))) {
                String[] pair = field.split("=", 2);
                form.put(
                        URLDecoder.decode(pair[0], StandardCharsets.UTF_8),
                        URLDecoder.decode(pair.length < 2 ? "" : pair[1], StandardCharsets.UTF_8));
            }
            return form;
        }
    }

    /** Settings of a token server. Not thread-safe. */
    public static final class Builder {
        private InstantSource clock = InstantSource.system();
        private Duration lifetime = Duration.ofMinutes(5);
        private boolean demandsNonce;

        private Builder() {}

        /** Where the server's time comes from, often a {@link VirtualClock}; the system's clock unless set. */
        public Builder clock(InstantSource newClock) {
            clock = Objects.requireNonNull(newClock, "newClock");
            return this;
        }

        /** How long tokens live; five minutes unless set. */
        public Builder lifetime(Duration life) {
            lifetime = Objects.requireNonNull(life, "life");
            return this;
        }

        /** Proofs need the server's nonce. */
        public Builder demandDpopNonce() {
            demandsNonce = true;
            return this;
        }

        /** Starts the server. */
        public TokenServer start() {
            return new TokenServer(this);
        }
    }
}
