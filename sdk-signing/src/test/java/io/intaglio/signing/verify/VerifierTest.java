package io.intaglio.signing.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.Access;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Field;
import io.intaglio.signing.Moment;
import io.intaglio.signing.ReceivedRequest;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.SigningScheme;
import io.intaglio.signing.scheme.Choice;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.standard.VerificationException;
import io.intaglio.signing.vector.VectorCase;
import io.intaglio.signing.vector.Vectors;
import io.intaglio.signing.venue.Bybit;
import io.intaglio.signing.venue.Venue;
import io.intaglio.signing.venue.Venues;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VerifierTest {
    private static final Venue.Window WINDOW = Venue.Window.of(Duration.ofSeconds(5));

    /** Venues none of whose vectors can be verified without saying how to read the moment; see the class comment of {@link Verifier}. */
    private static final Set<String> NOT_BY_SIGNING_AGAIN = Set.of(
            "aws-sigv4",
            "backpack",
            "bigone",
            "bitso",
            "coinbasecdp",
            "coinmate",
            "coinone",
            "cryptocom",
            "deribit",
            "fireblocks",
            "gemini",
            "independentreserve",
            "taurustdx",
            "upbit",
            "whitebit");

    /** Where a venue's rule leaves a part of the request unsigned, so that a change of it passes, as it would at the venue. */
    static final Set<String> UNSIGNED = Set.of(
            "ascendex: body",
            "ascendex: method",
            "ascendex: path",
            "ascendex: query",
            "binance: method",
            "binance: path",
            "bingx: method",
            "bingx: path",
            "bit2c: path",
            "bitbank: method",
            "bitbank: path",
            "bitfinex: method",
            "bitgo: method",
            "bithumb: method",
            "bitopro: path",
            "bitrue: path",
            "btcmarkets: query",
            "btcturk: body",
            "btcturk: method",
            "btcturk: path",
            "btse: method",
            "bullish: query",
            "bybit: method",
            "bybit: path",
            "cex: method",
            "coinbase: query",
            "coinbaseinternational: query",
            "coinbaseprime: query",
            "coincheck: method",
            "coinspot: method",
            "coinspot: path",
            "cryptomus: method",
            "cryptomus: path",
            "cryptomus: query",
            "digifinex: method",
            "digifinex: path",
            "exmo: method",
            "exmo: path",
            "finerymarkets: method",
            "hashkey: body",
            "hashkey: method",
            "hashkey: path",
            "htx: body",
            "indodax: method",
            "indodax: path",
            "kraken: method",
            "krakenfutures: method",
            "lbank: method",
            "lbank: path",
            "ltp: method",
            "ltp: path",
            "mercado: method",
            "mercado: path",
            "mexc: method",
            "mexc: path",
            "ndax: body",
            "ndax: method",
            "ndax: path",
            "ndax: query",
            "p2b: method",
            "p2b: path",
            "paymium: method",
            "phemex: method",
            "tokocrypto: path",
            "toobit: method",
            "toobit: path",
            "woo: method",
            "woo: path",
            "zebpay: path",
            "zodia: method",
            "zonda: header Operation-Id",
            "zonda: method",
            "zonda: path");

    /** A vector that verifies as it is sent. */
    private record Sample(VectorCase vector, SignedRequest sent, ReceivedRequest received, Credential credential) {
        Moment verify(ReceivedRequest request) {
            return Verifier.of(Venues.named(vector.venue()).scheme())
                    .verify(request, credential, vector.moment().timestamp(), WINDOW, (key, nonce, until) -> true);
        }

        boolean passes(ReceivedRequest request) {
            SigningScheme scheme = Venues.named(vector.venue()).scheme();
            if (!(scheme instanceof Scheme) && !(scheme instanceof Choice)) {
                return false;
            }
            try {
                verify(request);
                return true;
            } catch (VerificationException e) {
                return false;
            }
        }

        @Override
        public String toString() {
            return vector.toString();
        }
    }

    private static List<Sample> samples() {
        List<Sample> samples = new ArrayList<>();
        for (VectorCase vector : Vectors.requests()) {
            Venue venue = Venues.named(vector.venue());
            SignedRequest sent = vector.sign(venue);
            if (sent.isSigned() && vector.request().access().orElse(Access.SIGNED) == Access.SIGNED) {
                URI base = vector.request().baseUri().orElse(venue.baseUri());
                samples.add(new Sample(vector, sent, ReceivedRequest.of(sent, base), vector.credential(venue)));
            }
        }
        return samples;
    }

    static List<Sample> verifiable() {
        return samples().stream()
                .filter(sample -> sample.passes(sample.received()))
                .toList();
    }

    @Test
    void verify_vectorsOfEveryVenue_passButForThoseThatAreNamed() {
        Set<String> all = new TreeSet<>();
        samples().forEach(sample -> all.add(sample.vector().venue()));
        verifiable().forEach(sample -> all.remove(sample.vector().venue()));

        assertThat(all)
                .as("a new venue that cannot be verified so is named in NOT_BY_SIGNING_AGAIN")
                .isEqualTo(new TreeSet<>(NOT_BY_SIGNING_AGAIN));
    }

    @Test
    void verify_oneByteOfAnythingSignedChanged_isRefused() {
        Set<String> passed = new TreeSet<>();
        Set<String> venues = new TreeSet<>();
        for (Sample sample : verifiable()) {
            // one request with a query and one with a body of each venue say it all
            if (venues.add(sample.vector().venue()
                    + sample.sent().target().contains("?")
                    + sample.sent().hasBody())) {
                changes(sample, passed);
            }
        }
        assertThat(passed)
                .as("what a new venue leaves unsigned by its documents is named in UNSIGNED")
                .isEqualTo(new TreeSet<>(UNSIGNED));
    }

    private static void changes(Sample sample, Set<String> passed) {
        ReceivedRequest was = sample.received();
        String venue = sample.vector().venue();
        note(sample, with(was, was.method().equals("GET") ? "PUT" : "GET", was.target()), venue + ": method", passed);
        int mark = was.target().indexOf('?');
        int step = Math.max(1, was.target().length() / 40);
        for (int i = 1; i < was.target().length(); i += step) {
            char c = was.target().charAt(i);
            if (Character.isLetterOrDigit(c)) {
                String target = was.target().substring(0, i)
                        + (c == '1' ? '2' : '1')
                        + was.target().substring(i + 1);
                note(
                        sample,
                        with(was, was.method(), target),
                        venue + (mark < 0 || i < mark ? ": path" : ": query"),
                        passed);
            }
        }
        byte[] body = was.body();
        for (int i = 0; i < body.length; i += Math.max(1, body.length / 30)) {
            byte[] forged = body.clone();
            forged[i] ^= 1;
            note(
                    sample,
                    ReceivedRequest.of(was.baseUri(), was.method(), was.target(), was.headers(), forged),
                    venue + ": body",
                    passed);
        }
        for (String name : placed(sample)) {
            String value = was.onlyHeader(name).orElseThrow();
            for (int i = 0; i < value.length() - 2; i += Math.max(1, value.length() / 12)) {
                char c = value.charAt(i);
                if (Character.isLetterOrDigit(c)) {
                    String forged = value.substring(0, i) + (c == '1' ? '2' : '1') + value.substring(i + 1);
                    note(sample, withHeader(was, name, forged), venue + ": header " + name, passed);
                }
            }
        }
    }

    private static void note(Sample sample, ReceivedRequest forged, String what, Set<String> passed) {
        if (sample.passes(forged)) {
            passed.add(what);
        }
    }

    /** Headers that the scheme sets. */
    private static List<String> placed(Sample sample) {
        return sample.sent().headers().stream()
                .map(Field::name)
                .filter(name -> !name.equalsIgnoreCase("Content-Type"))
                .filter(name -> sample.vector().request().headers().stream()
                        .noneMatch(header -> header.name().equalsIgnoreCase(name)))
                .toList();
    }

    private static ReceivedRequest with(ReceivedRequest was, String method, String target) {
        return ReceivedRequest.of(was.baseUri(), method, target, was.headers(), was.body());
    }

    private static ReceivedRequest withHeader(ReceivedRequest was, String name, String value) {
        List<Field> headers = was.headers().stream()
                .map(header -> header.name().equalsIgnoreCase(name) ? new Field(name, value) : header)
                .toList();
        return ReceivedRequest.of(was.baseUri(), was.method(), was.target(), headers, was.body());
    }

    @ParameterizedTest
    @MethodSource("bybit")
    void verify_outsideTheWindow_isRefusedAndSaysHow(Sample sample) {
        Instant signed = sample.vector().moment().timestamp();
        Verifier verifier = Verifier.of(Bybit.VENUE.scheme());

        assertThatThrownBy(() -> verifier.verify(
                        sample.received(), sample.credential(), signed.plusMillis(5_001), WINDOW, (k, n, u) -> true))
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("is stale");
        assertThatThrownBy(() -> verifier.verify(
                        sample.received(), sample.credential(), signed.minusMillis(5_000), WINDOW, (k, n, u) -> true))
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("is from the future");
        assertThatCode(() -> verifier.verify(
                        sample.received(), sample.credential(), signed.plusMillis(5_000), WINDOW, (k, n, u) -> true))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("bybit")
    void verify_sameRequestTwice_isRefusedTheSecondTime(Sample sample) {
        Instant now = sample.vector().moment().timestamp();
        MemoryReplayGuard guard = new MemoryReplayGuard(10, () -> now);
        Verifier verifier = Verifier.of(Bybit.VENUE.scheme());
        verifier.verify(sample.received(), sample.credential(), now, WINDOW, guard);

        assertThatThrownBy(() -> verifier.verify(sample.received(), sample.credential(), now, WINDOW, guard))
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("seen before")
                .hasMessageNotContaining(sample.sent().signature().orElseThrow());
    }

    static List<Sample> bybit() {
        return verifiable().stream()
                .filter(sample -> sample.vector().venue().equals("bybit"))
                .limit(2)
                .toList();
    }

    @Test
    void verify_momentThatTheCallerReads_passes() {
        Sample sample = samples().stream()
                .filter(each -> each.vector().venue().equals("deribit"))
                .findFirst()
                .orElseThrow();
        Verifier verifier = Verifier.of(Venues.named("deribit").scheme()).momentFrom(request -> {
            String header = request.onlyHeader("Authorization").orElseThrow();
            String time = header.replaceFirst(".*ts=([0-9]+),.*", "$1");
            return Moment.of(Instant.ofEpochMilli(Long.parseLong(time)), header.replaceFirst(".*nonce=", ""));
        });

        Moment moment = verifier.verify(
                sample.received(),
                sample.credential(),
                sample.vector().moment().timestamp(),
                WINDOW,
                (k, n, u) -> true);

        assertThat(moment.timestamp()).isEqualTo(sample.vector().moment().timestamp());
    }

    @Test
    void of_schemeThatCannotBeTakenApart_isRefused() {
        assertThatThrownBy(() -> Verifier.of((request, credential, moment) -> null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Verifier.of(Scheme.named("none").build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("without signatures");
    }

    @Test
    void guard_fullOrSeen_isRefusedAndRoomComesBackWithTime() {
        Instant[] now = {Instant.EPOCH};
        MemoryReplayGuard guard = new MemoryReplayGuard(2, () -> now[0]);

        assertThat(guard.firstUse("a", "1", Instant.ofEpochSecond(10))).isTrue();
        assertThat(guard.firstUse("a", "1", Instant.ofEpochSecond(10))).isFalse();
        assertThat(guard.firstUse("b", "1", Instant.ofEpochSecond(20))).isTrue();
        assertThat(guard.firstUse("c", "1", Instant.ofEpochSecond(20))).isFalse();
        now[0] = Instant.ofEpochSecond(11);
        assertThat(guard.firstUse("c", "1", Instant.ofEpochSecond(20))).isTrue();
    }

    @Test
    void toString_received_showsNoQuery() {
        ReceivedRequest request = ReceivedRequest.of(
                URI.create("https://gate.example"),
                "GET",
                "/a?signature=abc",
                List.of(),
                "x".getBytes(StandardCharsets.UTF_8));

        assertThat(request).hasToString("GET /a?...");
    }
}
