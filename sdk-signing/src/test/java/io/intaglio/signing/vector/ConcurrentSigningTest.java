package io.intaglio.signing.vector;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.SigningScheme;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SignatureAlgorithm;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.key.VerifyingKey;
import io.intaglio.signing.venue.Venue;
import io.intaglio.signing.venue.Venues;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One scheme and one credential, shared by 16 threads that sign 16 different requests at different moments, each in another order. Every
 * result is compared with what one thread made before; where the signature is randomised it is verified instead, and all else is compared.
 *
 * <p>Signatures of each thread for sixteen venues that differ most: 500 for every HMAC scheme and for the first Ed25519 scheme; 200 for
 * the other Ed25519 schemes, 100 for ECDSA, 50 for RSA. For all other venues: 200, and 20 for ECDSA and RSA. With the system property
 * {@code intaglio.slow} ({@code mvn verify -Pslow}) it is 10,000 for all.
 */
@Tag("long")
class ConcurrentSigningTest {
    private static final int THREADS = 16;
    private static final int FULL = 10_000;
    private static final int FEW = 200;

    private static final Set<String> UNLIKE = Set.of(
            "binance",
            "kraken",
            "krakenfutures",
            "coinbaseexchange",
            "coinbase",
            "okx",
            "bybit",
            "bitstamp",
            "gemini",
            "deribit",
            "gate",
            "cryptocom",
            "upbit",
            "htx",
            "fireblocks",
            "robinhood");

    /** A request at a moment. */
    private record Variant(ApiRequest request, Moment moment) {}

    /** A scheme of a venue with a key, what they sign, and how often each thread does so. */
    private record Subject(String name, SigningScheme scheme, Credential credential, List<Variant> variants, int each) {
        SignedRequest sign(int index) {
            Variant variant = variants.get(index);
            return scheme.sign(variant.request(), credential, variant.moment());
        }

        KeyKind kind() {
            return credential.key().map(SigningKey::kind).orElse(KeyKind.SECRET);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Subject> schemes() {
        Map<String, Subject> subjects = new LinkedHashMap<>();
        Set<KeyKind> met = EnumSet.noneOf(KeyKind.class);
        for (VectorCase vector : Vectors.requests()) {
            Venue venue = Venues.named(vector.venue());
            Credential credential = vector.credential(venue);
            // a credential without a key of its own signs with one that it holds as a secret, whose kind is not told
            if (credential.key().isEmpty() || !vector.sign(venue).isSigned()) {
                continue;
            }
            KeyKind kind = credential.key().orElseThrow().kind();
            var explanation = venue.scheme().explain(vector.request(), credential, vector.moment());
            String name = venue.name() + ": " + explanation.scheme() + ", " + explanation.algorithm();
            if (!subjects.containsKey(name)) {
                int each = UNLIKE.contains(venue.name())
                        ? signaturesEach(kind, met.add(kind))
                        : signaturesEachOfTheRest(kind);
                subjects.put(name, new Subject(name, venue.scheme(), credential, variants(vector), each));
            }
        }
        return List.copyOf(subjects.values());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("schemes")
    void sign_sixteenThreadsOneSchemeAndCredential_noneIsWrong(Subject subject) throws Exception {
        List<SignedRequest> expected = new ArrayList<>();
        for (int variant = 0; variant < THREADS; variant++) {
            expected.add(subject.sign(variant));
        }
        CyclicBarrier start = new CyclicBarrier(THREADS);
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        List<Future<Integer>> wrong = new ArrayList<>();
        try {
            for (int thread = 0; thread < THREADS; thread++) {
                int first = thread;
                wrong.add(pool.submit(() -> {
                    start.await();
                    int count = 0;
                    for (int i = 0; i < subject.each(); i++) {
                        int variant = (first + i) % THREADS;
                        count += isRight(subject, expected.get(variant), subject.sign(variant)) ? 0 : 1;
                    }
                    return count;
                }));
            }
            int total = 0;
            for (Future<Integer> count : wrong) {
                total += count.get();
            }
            assertThat(total).as("wrong among %s", THREADS * subject.each()).isZero();
        } finally {
            pool.shutdownNow();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("schemes")
    void isRight_anotherVariantsResult_isSeenAsWrong(Subject subject) {
        assertThat(isRight(subject, subject.sign(0), subject.sign(1))).isFalse();
    }

    private static int signaturesEach(KeyKind kind, boolean isFirstOfItsKind) {
        if (Boolean.getBoolean("intaglio.slow")) {
            return FULL;
        }
        return switch (kind) {
            case SECRET -> FULL / 20;
            case ED25519 -> isFirstOfItsKind ? FULL / 20 : FEW;
            case RSA -> FEW / 4;
            case EC_P256, EC_P384, EC_SECP256K1 -> FEW / 2;
        };
    }

    private static int signaturesEachOfTheRest(KeyKind kind) {
        if (Boolean.getBoolean("intaglio.slow")) {
            return FULL;
        }
        return kind == KeyKind.SECRET || kind == KeyKind.ED25519 ? FEW : FEW / 10;
    }

    private static List<Variant> variants(VectorCase vector) {
        return IntStream.range(0, THREADS)
                .mapToObj(i -> new Variant(vector.request().query("variant", i), later(vector.moment(), i)))
                .toList();
    }

    /** Another moment for each variant: later, and with another nonce where there is one. */
    private static Moment later(Moment from, int variant) {
        Instant time = from.timestamp().plusSeconds(variant);
        return from.nonce()
                .map(nonce -> Moment.of(time, changed(nonce, variant)))
                .orElseGet(() -> Moment.at(time));
    }

    /** Another nonce of the same form: its last two characters are replaced by digits. */
    private static String changed(String nonce, int by) {
        return nonce.substring(0, nonce.length() - 2) + (char) ('0' + by % 10) + (char) ('0' + by / 10);
    }

    private static boolean isRight(Subject subject, SignedRequest expected, SignedRequest signed) {
        if (!Arrays.equals(expected.preHash(), signed.preHash())) {
            return false;
        }
        switch (subject.kind()) {
            case EC_P256, EC_P384, EC_SECP256K1 -> {
                return verifies(subject, signed);
            }
            default -> {
                return expected.target().equals(signed.target())
                        && expected.headers().equals(signed.headers())
                        && expected.signature().equals(signed.signature())
                        && Arrays.equals(expected.body(), signed.body());
            }
        }
    }

    private static boolean verifies(Subject subject, SignedRequest signed) {
        SigningKey key = subject.credential().key().orElseThrow();
        byte[] signature = Base64.getUrlDecoder()
                .decode(signed.signature().orElseThrow().replace('+', '-').replace('/', '_'));
        for (SignatureAlgorithm algorithm : subject.scheme().algorithms()) {
            if (algorithm.accepts(key.kind())) {
                return VerifyingKey.of(key.publicKey().orElseThrow()).verify(algorithm, signed.preHash(), signature);
            }
        }
        return false;
    }
}
