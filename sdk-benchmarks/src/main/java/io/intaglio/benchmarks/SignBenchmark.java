package io.intaglio.benchmarks;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Body;
import io.intaglio.signing.Credential;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.SigningScheme;
import io.intaglio.signing.standard.AwsSigV4;
import io.intaglio.signing.standard.HttpMessageSignatures;
import io.intaglio.signing.standard.HttpSignatureAlgorithm;
import io.intaglio.signing.venue.BinanceSpot;
import io.intaglio.signing.venue.CoinbaseExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Set;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import si.mazi.rescu.RestInvocation;

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
        private final Peers.Connector connector = new Peers.Connector();
        private final Peers.Xchange xchange = new Peers.Xchange();

        /** All ways give the same bytes, or nothing is measured. */
        @Setup
        public void check() throws GeneralSecurityException {
            byte[] wanted = byHandMac();
            Same.check("by hand, midstates", wanted, byHandMidstates());
            Same.check("intaglio", wanted, intaglio().body());
            Same.check("intaglio, prepared key", wanted, intaglioPrepared().body());
            Same.check("binance-connector-java", wanted, binanceConnector().getBytes(StandardCharsets.UTF_8));
            Peers.checkXchange(xchange());
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

        /** The official connector: the same fields in its map, joined, signed and joined again, as its request handler does. */
        @Benchmark
        public String binanceConnector() {
            return connector.sign();
        }

        /** XChange's rescu invocation of the same order, which builds its parameters and signs them; its order of fields is its own. */
        @Benchmark
        public RestInvocation xchange() {
            return xchange.sign();
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

    /** The JSON order as a call of AWS API Gateway. */
    @State(Scope.Thread)
    public static class AwsRequest {
        private final SigningScheme scheme =
                AwsSigV4.of("eu-west-1", "execute-api").withContentHash();
        private final Credential credential = Orders.binanceCredential();
        private final ApiRequest request = Orders.text();
        private final Peers.Aws aws = new Peers.Aws();

        /** Both give the same signature, or nothing is measured. */
        @Setup
        public void check() {
            Same.check(
                    "AWS SDK",
                    intaglio().header("Authorization").orElse(""),
                    awsSdk().request().firstMatchingHeader("Authorization").orElse(""));
        }

        /** A request made beforehand. */
        @Benchmark
        public SignedRequest intaglio() {
            return scheme.sign(request, credential, Orders.MOMENT);
        }

        /** The signer of AWS SDK 2, its request made beforehand. */
        @Benchmark
        public software.amazon.awssdk.http.auth.spi.signer.SignedRequest awsSdk() {
            return aws.sign();
        }
    }

    /** The JSON order with an HTTP message signature by HMAC-SHA256. The two are not of one standard: see the peer. */
    @State(Scope.Thread)
    public static class HttpSignature {
        private final SigningScheme scheme = HttpMessageSignatures.signing(HttpSignatureAlgorithm.HMAC_SHA256)
                .covering("@method", "@path", "content-type", "content-digest")
                .build();
        private final Credential credential = Orders.binanceCredential();
        private final ApiRequest request = Orders.text();
        private final Peers.Tomitribe tomitribe = new Peers.Tomitribe();

        /** RFC 9421 with the digest of RFC 9530, a request made beforehand. */
        @Benchmark
        public SignedRequest intaglio() {
            return scheme.sign(request, credential, Orders.MOMENT);
        }

        /** tomitribe-http-signatures: the draft before the RFC, over as many fields, the digest made each time. */
        @Benchmark
        public String tomitribe() throws IOException {
            return tomitribe.sign();
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
