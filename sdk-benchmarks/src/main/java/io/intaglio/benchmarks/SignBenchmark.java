package io.intaglio.benchmarks;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Body;
import io.intaglio.signing.Credential;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.SigningScheme;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.CoinbaseExchange;
import java.security.GeneralSecurityException;
import java.util.Set;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Signing an order, beside the least that plain JDK code can do for the same bytes. */
public class SignBenchmark {
    private SignBenchmark() {}

    /** A form order: eight fields, to which scheme and hand add timestamp and signature. */
    @State(Scope.Thread)
    public static class BinanceOrder {
        private final SigningScheme scheme = BinanceSpot.VENUE.scheme();
        private final Credential credential = Orders.binanceCredential();
        private final Credential prepared = credential.withKey(credential
                .key()
                .orElseThrow()
                .prepared(Set.copyOf(scheme.algorithms().stream()
                        .filter(algorithm -> algorithm.isSymmetric())
                        .toList())));
        private final ApiRequest request = Orders.binance();
        private final ByHand.Hmac midstates = ByHand.midstates(Orders.SECRET);
        private final ByHand.Hmac mac = ByHand.reusedMac(Orders.SECRET);

        /** All ways give the same bytes, or nothing is measured. */
        @Setup
        public void check() throws GeneralSecurityException {
            byte[] wanted = byHandMac();
            Same.check("by hand, midstates", wanted, byHandMidstates());
            Same.check("intaglio", wanted, intaglio().body());
            Same.check("intaglio, prepared key", wanted, intaglioPrepared().body());
            Same.check(
                    "intaglio, request built", wanted, intaglioBuildingRequest().body());
        }

        /** A request made beforehand, a key as the user read it. */
        @Benchmark
        public SignedRequest intaglio() {
            return scheme.sign(request, credential, Orders.MOMENT);
        }

        /** The same with a key that has forgotten its secret. */
        @Benchmark
        public SignedRequest intaglioPrepared() {
            return scheme.sign(request, prepared, Orders.MOMENT);
        }

        /** The request is built each time, field by field. */
        @Benchmark
        public SignedRequest intaglioBuildingRequest() {
            return scheme.sign(Orders.binance(), credential, Orders.MOMENT);
        }

        /** Plain JDK, digests cloned after the key's block. */
        @Benchmark
        public byte[] byHandMidstates() throws GeneralSecurityException {
            return ByHand.binanceBody(Orders.BINANCE, Orders.MOMENT.timestamp().toEpochMilli(), midstates);
        }

        /** Plain JDK, one Mac kept by one thread. */
        @Benchmark
        public byte[] byHandMac() throws GeneralSecurityException {
            return ByHand.binanceBody(Orders.BINANCE, Orders.MOMENT.timestamp().toEpochMilli(), mac);
        }
    }

    /** An order as JSON, six members, signed into a header. */
    @State(Scope.Thread)
    public static class CoinbaseOrder {
        private static final String PATH = "/orders";

        private final SigningScheme scheme = CoinbaseExchange.VENUE.scheme();
        private final Credential credential = Orders.coinbaseCredential();
        private final ApiRequest request = Orders.coinbase();
        private final ByHand.Hmac midstates = ByHand.midstates(Orders.SECRET);
        private final ByHand.Hmac mac = ByHand.reusedMac(Orders.SECRET);

        /** All ways give the same bytes, or nothing is measured. */
        @Setup
        public void check() throws GeneralSecurityException {
            ByHand.Headers wanted = byHandMac();
            Same.check("by hand, midstates", wanted, byHandMidstates());
            Same.check("intaglio", wanted, intaglio());
            Same.check("intaglio, request built", wanted, intaglioBuildingRequest());
        }

        /** A request made beforehand; its JSON is written each time. */
        @Benchmark
        public SignedRequest intaglio() {
            return scheme.sign(request, credential, Orders.MOMENT);
        }

        /** The request is built each time, member by member. */
        @Benchmark
        public SignedRequest intaglioBuildingRequest() {
            return scheme.sign(Orders.coinbase(), credential, Orders.MOMENT);
        }

        /** Plain JDK, digests cloned after the key's block. */
        @Benchmark
        public ByHand.Headers byHandMidstates() throws GeneralSecurityException {
            return ByHand.coinbaseOrder(
                    Orders.COINBASE, PATH, Orders.MOMENT.timestamp().getEpochSecond(), midstates);
        }

        /** Plain JDK, one Mac kept by one thread. */
        @Benchmark
        public ByHand.Headers byHandMac() throws GeneralSecurityException {
            return ByHand.coinbaseOrder(
                    Orders.COINBASE, PATH, Orders.MOMENT.timestamp().getEpochSecond(), mac);
        }
    }

    /** The same order when its JSON is text already. */
    @State(Scope.Thread)
    public static class CoinbaseText {
        private static final String PATH = "/orders";

        private final SigningScheme scheme = CoinbaseExchange.VENUE.scheme();
        private final Credential credential = Orders.coinbaseCredential();
        private final ApiRequest request =
                ApiRequest.post(PATH).body(Body.text(Orders.COINBASE_BODY, "application/json"));
        private final byte[] body = Orders.COINBASE_BODY.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        private final ByHand.Hmac midstates = ByHand.midstates(Orders.SECRET);
        private final ByHand.Hmac mac = ByHand.reusedMac(Orders.SECRET);

        /** All ways give the same bytes, or nothing is measured. */
        @Setup
        public void check() throws GeneralSecurityException {
            ByHand.Headers wanted = byHandMac();
            Same.check("by hand, midstates", wanted, byHandMidstates());
            Same.check("intaglio", wanted, intaglio());
        }

        /** A request made beforehand. */
        @Benchmark
        public SignedRequest intaglio() {
            return scheme.sign(request, credential, Orders.MOMENT);
        }

        /** Plain JDK, digests cloned after the key's block. */
        @Benchmark
        public ByHand.Headers byHandMidstates() throws GeneralSecurityException {
            return ByHand.coinbaseHeaders(body, PATH, Orders.MOMENT.timestamp().getEpochSecond(), midstates);
        }

        /** Plain JDK, one Mac kept by one thread. */
        @Benchmark
        public ByHand.Headers byHandMac() throws GeneralSecurityException {
            return ByHand.coinbaseHeaders(body, PATH, Orders.MOMENT.timestamp().getEpochSecond(), mac);
        }
    }
}
