package io.intaglio.client.internal.login;

import io.intaglio.client.internal.http.RawAnswer;
import io.intaglio.client.internal.http.SendFailure;
import io.intaglio.client.internal.http.Transport;
import io.intaglio.client.internal.json.JsonPointers;
import io.intaglio.client.internal.lane.Lane;
import io.intaglio.client.internal.token.TokenKeeper;
import io.intaglio.client.oauth.AccessToken;
import io.intaglio.client.oauth.OAuthException;
import io.intaglio.client.oauth.OAuthException.Reason;
import io.intaglio.client.oauth.TokenSource;
import io.intaglio.signing.Explanation;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.time.VenueClock;
import io.intaglio.signing.venue.Login;
import io.intaglio.signing.venue.NonceRule;
import io.intaglio.signing.venue.Venue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The tokens of a venue's own log-on, one for each key. Thread-safe. */
public final class Logins implements AutoCloseable {
    private static final Duration REST = Duration.ofSeconds(1);
    private static final int LONGEST_TOKEN = 16 * 1024;
    private static final int MOST_SHOWN = 60;

    private final Venue venue;
    private final Login login;
    private final VenueClock clock;
    private final Transport transport;
    private final Duration answerLimit;
    private final JsonPointers json = new JsonPointers();
    private final ConcurrentMap<String, OfKey> keys = new ConcurrentHashMap<>();

    /** Sends log-ons with this transport, dated by this clock. */
    public Logins(Venue venue, Login login, VenueClock clock, Transport transport, Duration answerLimit) {
        this.venue = venue;
        this.login = login;
        this.clock = clock;
        this.transport = transport;
        this.answerLimit = answerLimit;
    }

    /** The tokens of this key. To be asked in the lane's turn, since a log-on may take one of its nonces. */
    public TokenSource of(Lane lane) {
        return keys.computeIfAbsent(lane.credential().keyId(), id -> new OfKey(lane));
    }

    /** Wipes all tokens. */
    @Override
    public void close() {
        keys.values().forEach(key -> key.keeper.close());
    }

    private final class OfKey implements TokenSource, TokenKeeper.Source<AccessToken> {
        private final Lane lane;
        private final TokenKeeper<AccessToken> keeper = new TokenKeeper<>(clock::ticks);

        OfKey(Lane lane) {
            this.lane = lane;
        }

        @Override
        public AccessToken token(Duration limit) {
            return keeper.take(this, limit);
        }

        @Override
        public void refused(AccessToken token) {
            keeper.refused(token);
        }

        @Override
        public TokenKeeper.Fresh<AccessToken> fetch(Duration limit) {
            long sent = clock.ticks();
            Instant now = clock.now();
            Moment moment = venue.nonceRule() == NonceRule.NONE
                    ? Moment.at(now)
                    : Moment.of(now, lane.nonces().next(now));
            SignedRequest signed = login.scheme()
                    .sign(login.request().apply(lane.credential()).baseUri(venue.baseUri()), lane.credential(), moment);
            RawAnswer answer;
            try {
                answer = transport.send(signed, limit, answerLimit);
            } catch (SendFailure e) {
                boolean isInterrupted = e.stage() == SendFailure.Stage.INTERRUPTED
                        || e.stage() == SendFailure.Stage.EXCHANGE_INTERRUPTED;
                boolean isLate = limit.compareTo(answerLimit) < 0;
                throw failure(
                        isInterrupted ? Reason.INTERRUPTED : isLate ? Reason.TIME_LIMIT : Reason.UNREACHABLE,
                        "did not come to an answer: " + e.getMessage(),
                        e);
            }
            try {
                return read(answer, sent);
            } finally {
                Arrays.fill(answer.body(), (byte) 0);
            }
        }

        private TokenKeeper.Fresh<AccessToken> read(RawAnswer answer, long sentTicks) {
            String token = answer.status() == 200 ? json.at(answer.body(), login.tokenAt()) : null;
            if (token == null) {
                throw failure(
                        Reason.REFUSED,
                        "was refused with HTTP " + answer.status() + code(answer)
                                + "; check key and secret, and that the key may log on from this address",
                        null);
            }
            if (token.length() > LONGEST_TOKEN || token.chars().anyMatch(c -> c <= 32 || c >= 127)) {
                throw failure(Reason.MALFORMED, "gave a token that cannot be sent in a header", null);
            }
            return new TokenKeeper.Fresh<>(
                    AccessToken.bearer(Secret.takeOver(token.getBytes(StandardCharsets.US_ASCII))),
                    lifetime(answer),
                    sentTicks);
        }

        /** What the answer tells where it does, and never more than what the venue documents. */
        private Duration lifetime(RawAnswer answer) {
            String pointer = login.lifetimeAt();
            String told = pointer == null ? null : json.at(answer.body(), pointer);
            if (told == null || !told.matches("[0-9]{1,9}") || Integer.parseInt(told) < 1) {
                return login.lifetime();
            }
            Duration life = Duration.ofSeconds(Integer.parseInt(told));
            return life.compareTo(login.lifetime()) < 0 ? life : login.lifetime();
        }

        private String code(RawAnswer answer) {
            for (String pointer : venue.errorPointers()) {
                String code = json.at(answer.body(), pointer);
                if (code != null) {
                    String shown = Explanation.show(code.getBytes(StandardCharsets.UTF_8));
                    return " " + (shown.length() > MOST_SHOWN ? shown.substring(0, MOST_SHOWN) : shown);
                }
            }
            return "";
        }

        private OAuthException failure(Reason reason, String what, @Nullable Throwable cause) {
            return new OAuthException(
                    reason, "log-on of key " + lane.credential().shortKeyId() + " at " + venue + " " + what, cause);
        }

        @Override
        public @Nullable Duration restAfter(RuntimeException failure) {
            boolean isOfOne = failure instanceof OAuthException e
                    && (e.reason() == Reason.TIME_LIMIT || e.reason() == Reason.INTERRUPTED);
            return isOfOne ? null : REST;
        }

        @Override
        public RuntimeException waitedInVain(Duration limit, @Nullable InterruptedException interrupted) {
            return failure(
                    interrupted == null ? Reason.TIME_LIMIT : Reason.INTERRUPTED,
                    "was under way in another thread and gave no token within "
                            + Objects.requireNonNull(limit).toMillis() + " ms",
                    interrupted);
        }
    }
}
