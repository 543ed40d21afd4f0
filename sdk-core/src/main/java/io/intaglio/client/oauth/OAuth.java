package io.intaglio.client.oauth;

import io.intaglio.client.Proxy;
import io.intaglio.client.internal.http.RawAnswer;
import io.intaglio.client.internal.http.SendFailure;
import io.intaglio.client.internal.json.JsonPointers;
import io.intaglio.client.internal.token.TokenKeeper;
import io.intaglio.client.oauth.OAuthException.Reason;
import io.intaglio.client.tls.Tls;
import io.intaglio.signing.Field;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.secret.InsecureSecretAccess;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.standard.JwsAlgorithm;
import io.intaglio.signing.time.VenueClock;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens of an OAuth 2 authorization server (RFC 6749), by client credentials or by a refresh token. Thread-safe; may serve several
 * clients. {@link #close()} wipes tokens, secrets and keys.
 *
 * <p>A token is renewed by one thread, when a fifth of its life is left but at most a minute; the others go on with it meanwhile. Where there is
 * none that can be used, all wait for that one thread and share what it gets. After a failure nobody asks for a second, or for as long as
 * {@code Retry-After} says. Lives are counted from before the request was sent, on a monotonic timer.
 *
 * <p>A token request whose answer was lost is sent once more, with a new assertion and a new proof; neither is ever sent twice. A server that wants
 * a DPoP nonce is told it in one retry; and so is one whose {@code Date} shows that our clock was off.
 *
 * <p>With a refresh token requests are made on a thread of their own and have ten seconds each, whatever the limits of those who wait. Who gives up
 * or is interrupted leaves the request to go on; the next call gets its token.
 */
public final class OAuth implements TokenSource, AutoCloseable {
    /** A token longer than this is refused: no venue takes such headers. */
    private static final int LONGEST_TOKEN = 16 * 1024;

    /** Of a token whose answer tells no lifetime, which RFC 6749 section 5.1 permits. */
    private static final Duration LIFE_UNLESS_TOLD = Duration.ofMinutes(5);

    /** A lifetime beyond this is an error of the server, such as milliseconds or an instant instead of seconds. */
    private static final Duration LONGEST_LIFE = Duration.ofDays(400);

    /** For the exchange of a refresh token under way, and for handing the new one over. */
    private static final Duration CLOSE_LIMIT = Server.ANSWER_LIMIT.plusSeconds(5);

    private static final Duration REST = Duration.ofSeconds(1);

    /** A server's time that differs by less is not why it refused. */
    private static final Duration TOLERATED_SKEW = Duration.ofSeconds(5);

    private static final Duration LARGEST_SKEW = Duration.ofHours(24);
    private static final Set<String> PERHAPS_FOR_TIME =
            Set.of("invalid_client", "invalid_dpop_proof", "invalid_grant", "invalid_request", "unauthorized_client");

    private final Builder settings;
    private final ClientAuthentication client;
    private final VenueClock clock;
    private final Server server;
    private final @Nullable Dpop dpop;
    private final JsonPointers json = new JsonPointers();
    private final TokenKeeper<AccessToken> keeper;
    private final TokenKeeper.Source<AccessToken> source = new Source();
    private volatile @Nullable Metadata metadata;
    // What follows is used by the one thread that fetches.
    private volatile Duration serverAhead = Duration.ZERO;
    private volatile @Nullable Secret refreshToken;
    private volatile @Nullable Secret replaced;

    private OAuth(Builder settings, ClientAuthentication client, Tls tls) {
        this.settings = settings;
        this.client = client;
        this.clock = settings.clock;
        this.dpop = settings.dpop;
        this.refreshToken = settings.refreshToken;
        this.server = new Server(tls, settings.proxy);
        // a server that has taken a refresh token has replaced it: an answer that nobody waits for is a lost login
        this.keeper = new TokenKeeper<>(clock::ticks, isRefreshing() ? Server.ANSWER_LIMIT : null);
        URI endpoint = settings.tokenEndpoint;
        this.metadata = endpoint == null ? null : new Metadata(endpoint, endpoint.toString());
    }

    /**
     * Begins with a token endpoint that is known.
     *
     * @throws IllegalArgumentException when it is not an https address without a fragment
     */
    public static Builder at(URI tokenEndpoint) {
        return new Builder(checkedEndpoint(tokenEndpoint), null);
    }

    /**
     * Begins with an issuer, whose metadata is read when the first token is fetched (RFC 8414, or OpenID Connect Discovery). The metadata must name
     * the very same issuer.
     *
     * @throws IllegalArgumentException when it is not an https address without query and fragment
     */
    public static Builder discovered(URI issuer) {
        if (checkedEndpoint(issuer).getRawQuery() != null) {
            throw new IllegalArgumentException("issuer " + issuer + " has a query; an issuer has none");
        }
        return new Builder(null, issuer);
    }

    static URI checkedEndpoint(URI uri) {
        if (!"https".equals(uri.getScheme()) || uri.getHost() == null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("address " + uri
                    + " is not https://host/path; tokens are asked for over TLS alone, also on this machine");
        }
        return uri;
    }

    /** Who the client is. */
    public String clientId() {
        return client.clientId();
    }

    @Override
    public AccessToken token(Duration limit) {
        return keeper.take(source, limit);
    }

    @Override
    public void refused(AccessToken token) {
        keeper.refused(token);
    }

    private final class Source implements TokenKeeper.Source<AccessToken> {
        @Override
        public TokenKeeper.Fresh<AccessToken> fetch(Duration limit) {
            return fetchToken(limit);
        }

        @Override
        public @Nullable Duration restAfter(RuntimeException failure) {
            if (failure instanceof OAuthException e) {
                return switch (e.reason()) {
                    case TIME_LIMIT, INTERRUPTED, NOT_KEPT -> null;
                    case REFUSED, UNREACHABLE, MALFORMED -> e.retryAfter().orElse(REST);
                };
            }
            return REST;
        }

        @Override
        public RuntimeException waitedInVain(Duration limit, @Nullable InterruptedException interrupted) {
            return new OAuthException(
                    interrupted == null ? Reason.TIME_LIMIT : Reason.INTERRUPTED,
                    subject() + " was being asked by another thread, and "
                            + (interrupted == null
                                    ? "no token came within " + limit.toMillis() + " ms"
                                    : "this one was interrupted"),
                    interrupted);
        }
    }

    private String subject() {
        Metadata known = metadata;
        return "token endpoint " + (known != null ? known.tokenEndpoint() : "of " + settings.issuer);
    }

    private boolean isRefreshing() {
        return settings.refreshToken != null;
    }

    private TokenKeeper.Fresh<AccessToken> fetchToken(Duration limit) {
        handOver();
        long start = clock.ticks();
        Metadata known = metadata(limit);
        boolean isNonceTold = false;
        boolean isClockTold = false;
        SendFailure lost = null;
        while (true) {
            long sent = clock.ticks();
            // what came before must not cut an exchange of refresh tokens short
            Duration left = isRefreshing() ? limit : limit.minusNanos(sent - start);
            if (left.isNegative() || left.isZero()) {
                if (lost != null && lost.stage() == SendFailure.Stage.EXCHANGE) {
                    throw Server.failure(subject(), lost, left);
                }
                throw new OAuthException(
                        Reason.TIME_LIMIT,
                        subject() + " was not asked" + (isNonceTold || isClockTold ? " again" : "")
                                + ": the time limit of the call has passed",
                        lost);
            }
            Instant now = clock.now().plus(serverAhead);
            RawAnswer answer;
            try {
                answer = ask(known, now, left);
            } catch (SendFailure e) {
                boolean mayRepeat = e.stage() == SendFailure.Stage.CONNECT || e.stage() == SendFailure.Stage.EXCHANGE;
                if (mayRepeat && lost == null) {
                    lost = e;
                    continue;
                }
                forgetMetadata();
                throw Server.failure(subject(), e, left);
            }
            boolean isNewNonce = learnNonce(known.tokenEndpoint(), answer);
            try {
                if (answer.status() == 200) {
                    return read(answer, sent);
                }
                Refusal refusal = Refusal.of(answer);
                if (refusal.error().equals("use_dpop_nonce") && isNewNonce && !isNonceTold) {
                    isNonceTold = true;
                } else if (!isClockTold && isForTime(refusal.error(), answer, now)) {
                    isClockTold = true;
                } else {
                    throw refused(refusal, answer, known);
                }
            } finally {
                Arrays.fill(answer.body(), (byte) 0);
            }
        }
    }

    private Metadata metadata(Duration limit) {
        Metadata known = metadata;
        if (known == null) {
            known = Metadata.discover(
                    server,
                    Objects.requireNonNull(settings.issuer),
                    new Metadata.Wanted(client, grant(), dpop, settings.isBoundToCertificate),
                    limit);
            metadata = known;
        }
        return known;
    }

    /** It may have moved. */
    private void forgetMetadata() {
        if (settings.issuer != null) {
            metadata = null;
        }
    }

    private String grant() {
        return refreshToken == null ? "client_credentials" : "refresh_token";
    }

    private RawAnswer ask(Metadata known, Instant now, Duration limit) throws SendFailure {
        List<Field> headers = new ArrayList<>();
        headers.add(new Field("Accept", "application/json"));
        headers.add(new Field("Content-Type", "application/x-www-form-urlencoded"));
        Form form = new Form();
        form.add("grant_type", grant());
        Secret refresh = refreshToken;
        if (refresh != null) {
            form.add("refresh_token", refresh);
        }
        if (!settings.scope.isEmpty()) {
            form.add("scope", settings.scope);
        }
        settings.parameters.forEach(form::add);
        String audience = settings.assertionAudience != null ? settings.assertionAudience : known.audience();
        client.authenticate(form, headers, audience, now);
        if (dpop != null) {
            headers.add(new Field("DPoP", dpop.proof("POST", known.tokenEndpoint(), null, now)));
        }
        byte[] body = form.takeBytes();
        try {
            return server.send("POST", known.tokenEndpoint(), List.copyOf(headers), body, limit);
        } finally {
            Arrays.fill(body, (byte) 0);
        }
    }

    private boolean learnNonce(URI endpoint, RawAnswer answer) {
        return dpop != null
                && answer.header("DPoP-Nonce")
                        .map(nonce -> dpop.learnNonce(endpoint, nonce))
                        .orElse(false);
    }

    /** Refused perhaps because our assertion or proof was made at another time than the server's, which is known now. */
    private boolean isForTime(String error, RawAnswer answer, Instant now) {
        if (client.algorithm() == null && dpop == null || !PERHAPS_FOR_TIME.contains(error)) {
            return false;
        }
        Duration skew =
                Server.date(answer).map(date -> Duration.between(now, date)).orElse(Duration.ZERO);
        if (skew.abs().compareTo(TOLERATED_SKEW) <= 0 || skew.abs().compareTo(LARGEST_SKEW) > 0) {
            return false;
        }
        serverAhead = serverAhead.plus(skew);
        return true;
    }

    private OAuthException refused(Refusal refusal, RawAnswer answer, Metadata known) {
        if (answer.status() == 404) {
            forgetMetadata();
        }
        String audience = settings.assertionAudience != null ? settings.assertionAudience : known.audience();
        String next = switch (refusal.error()) {
            case "invalid_client" ->
                switch (client.method()) {
                    case "private_key_jwt" ->
                        "; the client id, the key, its name (kid) or the audience " + audience
                                + " is not what is registered there";
                    case "tls_client_auth" ->
                        "; the client id is unknown there, or the certificate of Tls is not the registered one or was not shown";
                    default -> "; the client id or its secret is not what is registered there";
                };
            case "invalid_grant" ->
                refreshToken == null
                        ? "; the grant is not valid there"
                        : "; the refresh token has expired, was revoked or was used by somebody else: log in again";
            case "invalid_scope" ->
                "; the scope asked for was '" + settings.scope + "'; ask for what the client is allowed";
            case "unauthorized_client", "unsupported_grant_type" ->
                "; have the grant " + grant() + " allowed for the client";
            case "invalid_target" -> "; the resource or audience in the parameters is not known there";
            case "invalid_dpop_proof", "use_dpop_nonce" ->
                "; the proof was refused again; compare this host's clock with the server's";
            default -> refusal.error().isEmpty() ? "; check that this is a token endpoint" : "";
        };
        return new OAuthException(
                Reason.REFUSED,
                subject() + " refused client " + shortClientId() + " with HTTP " + answer.status() + refusal.shown()
                        + next,
                refusal.error().isEmpty() ? null : refusal.error(),
                Server.retryAfter(answer),
                null);
    }

    private String shortClientId() {
        String id = client.clientId();
        return id.length() >= 12 ? id.substring(0, 4) + "..." : "...";
    }

    private TokenKeeper.Fresh<AccessToken> read(RawAnswer answer, long sentTicks) {
        byte[] body = answer.body();
        // first of all: whatever is wrong with the rest, the server knows the old one no more
        String next = refreshToken == null ? null : json.at(body, "/refresh_token");
        if (next != null && !next.isEmpty()) {
            rotated(secret(next));
        }
        handOver();
        String told = json.at(body, "/access_token");
        String wanted = dpop == null ? "Bearer" : "DPoP";
        String type = json.at(body, "/token_type");
        if (told == null || told.isEmpty()) {
            throw malformed("gave no access_token; check that it is a token endpoint");
        }
        if (told.length() > LONGEST_TOKEN) {
            throw malformed("gave a token of " + told.length() + " characters; at most " + LONGEST_TOKEN
                    + " are taken, so ask for a narrower scope or an opaque token");
        }
        if (told.chars().anyMatch(c -> c <= 32 || c >= 127)) {
            throw malformed("gave a token with characters that cannot be sent in a header (RFC 6750 section 2.1)");
        }
        if (!wanted.equalsIgnoreCase(type)) {
            throw malformed("gave a token of the type " + Refusal.safe(type == null ? "none" : type) + ", but " + wanted
                    + " was wanted; have " + (dpop == null ? "bearer tokens" : "DPoP") + " set for the client");
        }
        Duration life = lifetime(json.at(body, "/expires_in"));
        Secret value = secret(told);
        AccessToken token = dpop == null ? AccessToken.bearer(value) : AccessToken.bound(value, dpop);
        return new TokenKeeper.Fresh<>(token, life, sentTicks);
    }

    private static Secret secret(String text) {
        return Secret.takeOver(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private Duration lifetime(@Nullable String told) {
        if (told == null) {
            return LIFE_UNLESS_TOLD;
        }
        long seconds = told.length() <= 12 && told.matches("[0-9]+") ? Long.parseLong(told) : -1;
        if (seconds < 1 || seconds > LONGEST_LIFE.toSeconds()) {
            throw malformed("gave a token that expires_in " + Refusal.safe(told) + "; whole seconds from 1 to "
                    + LONGEST_LIFE.toSeconds() + " were wanted, so the server is to be mended");
        }
        return Duration.ofSeconds(seconds);
    }

    private OAuthException malformed(String what) {
        return new OAuthException(Reason.MALFORMED, subject() + " " + what, null);
    }

    // ---- refresh tokens

    /** The server knows the old one no more, so the new one counts at once; the old one is forgotten when the new one is kept. */
    private void rotated(Secret next) {
        Secret old = refreshToken;
        if (next.equals(old)) {
            next.close();
            return;
        }
        refreshToken = next;
        replaced = old;
    }

    /** Gives a new refresh token to whoever keeps it, again and again until that works. */
    private void handOver() {
        Secret old = replaced;
        Secret next = refreshToken;
        if (old == null || next == null) {
            return;
        }
        Secret copy = InsecureSecretAccess.use(next, Secret::of);
        try {
            Objects.requireNonNull(settings.refreshTokenKeeper).accept(copy);
        } catch (RuntimeException e) {
            throw new OAuthException(
                    Reason.NOT_KEPT,
                    subject()
                            + " gave a new refresh token in place of the old one, but it could not be kept: "
                            + e.getClass().getSimpleName()
                            + "; it is in memory alone until a later call succeeds in handing it over, so mend that before this process ends",
                    e);
        } finally {
            copy.close();
        }
        replaced = null;
        old.close();
    }

    /**
     * Ends connections, and wipes tokens, the client's secret or key and the key for DPoP. An exchange of the refresh token under way is waited for
     * first, for at most 15 seconds.
     */
    @Override
    public synchronized void close() {
        if (isRefreshing()) {
            keeper.stop(
                    new OAuthException(Reason.UNREACHABLE, subject() + " was not asked: this source is closed", null),
                    CLOSE_LIMIT);
        }
        server.close();
        keeper.close();
        client.close();
        if (dpop != null) {
            dpop.close();
        }
        for (Secret secret : new Secret[] {refreshToken, replaced}) {
            if (secret != null) {
                secret.close();
            }
        }
    }

    /** Where tokens come from; nothing secret. */
    @Override
    public String toString() {
        return "OAuth[" + client.method() + " at "
                + (settings.issuer != null ? settings.issuer : settings.tokenEndpoint) + "]";
    }

    /** Collects the settings. Not thread-safe, and used up by {@link #build}. */
    public static final class Builder {
        private final @Nullable URI tokenEndpoint;
        private final @Nullable URI issuer;
        private final Map<String, String> parameters = new LinkedHashMap<>();
        private @Nullable ClientAuthentication client;
        private String scope = "";
        private @Nullable String assertionAudience;
        private @Nullable Secret refreshToken;
        private @Nullable Consumer<Secret> refreshTokenKeeper;
        private @Nullable Dpop dpop;
        private boolean isBoundToCertificate;
        private @Nullable Tls tls;
        private @Nullable Proxy proxy;
        private VenueClock clock = VenueClock.system();

        private Builder(@Nullable URI tokenEndpoint, @Nullable URI issuer) {
            this.tokenEndpoint = tokenEndpoint;
            this.issuer = issuer;
        }

        /** Who asks, and how that is proved; kept, and closed with the source. */
        public Builder client(ClientAuthentication authentication) {
            client = Objects.requireNonNull(authentication, "authentication");
            return this;
        }

        /** What the token shall be good for, words separated by spaces; what the server gives by default unless set. */
        public Builder scope(String words) {
            scope = Objects.requireNonNull(words, "words");
            return this;
        }

        /** A further field of each token request that is not secret: {@code resource} (RFC 8707), {@code audience}. */
        public Builder parameter(String name, String value) {
            parameters.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
            return this;
        }

        /** Whom assertions are meant for; the issuer where it was discovered, else the token endpoint, unless set. */
        public Builder assertionAudience(String audience) {
            assertionAudience = Objects.requireNonNull(audience, "audience");
            return this;
        }

        /**
         * Tokens come by refresh token (RFC 6749 section 6) instead of client credentials. Where the server gives a new refresh token each time, the new
         * one is handed over before the access token is used and before the old one is forgotten; when that fails, so does the call, and the next one
         * tries to hand it over again. Two sources must not use one refresh token.
         *
         * <p>Close the source before the process ends: that waits for an exchange under way, whose new refresh token would be lost.
         *
         * @param first kept, and wiped when it is replaced
         * @param keeper writes a new one down where the next process finds it; given a copy that is wiped when it returns. Called by one thread at a time,
         *     which is the source's own
         */
        public Builder refreshToken(Secret first, Consumer<Secret> keeper) {
            refreshToken = Objects.requireNonNull(first, "first");
            refreshTokenKeeper = Objects.requireNonNull(keeper, "keeper");
            return this;
        }

        /** Binds tokens to a new P-256 key of this source by DPoP (RFC 9449), so that nobody else can use them. */
        public Builder dpop() {
            return dpop(JwsAlgorithm.ES256, SigningKey.generate(KeyKind.EC_P256));
        }

        /**
         * The same with a key of your own.
         *
         * @param key kept, and closed with the source
         * @throws IllegalArgumentException when it is not of the algorithm's kind or does not show its public half
         */
        public Builder dpop(JwsAlgorithm algorithm, SigningKey key) {
            dpop = new Dpop(algorithm, key);
            return this;
        }

        /**
         * The server binds tokens to the certificate of the connection (RFC 8705 section 3): its address for such connections is used where its metadata
         * names one. So it is with {@link ClientAuthentication#mutualTls} too. The venue's client needs the same {@link Tls}.
         */
        public Builder boundToCertificate() {
            isBoundToCertificate = true;
            return this;
        }

        /** Trust, and the certificate that is shown; {@link Tls#system()} unless set. */
        public Builder tls(Tls newTls) {
            tls = Objects.requireNonNull(newTls, "tls");
            return this;
        }

        /** Asks the server through this proxy, most often that of the venue's client; nobody in between unless set. */
        public Builder proxy(Proxy newProxy) {
            proxy = Objects.requireNonNull(newProxy, "proxy");
            return this;
        }

        /** By which tokens age and assertions are dated; {@link VenueClock#system()} unless set. It is read and never corrected. */
        public Builder clock(VenueClock newClock) {
            clock = Objects.requireNonNull(newClock, "clock");
            return this;
        }

        /**
         * Builds the source. Nothing is asked yet.
         *
         * @throws IllegalArgumentException when the client is missing
         */
        public OAuth build() {
            if (client == null) {
                throw new IllegalArgumentException("OAuth at " + (issuer != null ? issuer : tokenEndpoint)
                        + " lacks its client; call client(ClientAuthentication...)");
            }
            return new OAuth(this, client, tls != null ? tls : Tls.system());
        }
    }
}
