package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.scheme.When;
import java.time.Duration;

/**
 * KuCoin futures: the rule of {@link KuCoin} at another address. The credential needs a {@code passphrase}, and {@code keyVersion} when the
 * key's version is not 2.
 *
 * <p>Source: KuCoin futures documentation, "Authentication" and error codes; 300018 says that a client order id is repeated, and 500000
 * ("internal server error") leaves the outcome unknown.
 */
public final class KuCoinFutures {
    /** The venue. */
    public static final Venue VENUE = Venue.named("kucoinfutures")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api-futures.kucoin.com")
            .scheme(KuCoin.scheme("kucoinfutures"))
            .window(Duration.ofSeconds(5), Duration.ofSeconds(5))
            .time("/api/v1/timestamp", "/data", Duration.ofMillis(1))
            .riskReducing(When.method("DELETE").and(When.pathStarts("/api/v1/orders")))
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/api/v1/orders"),
                    parameter("clientOid"),
                    Dedup.NONE)
            .errorsInOkAnswers("200000")
            .errorCodeAt("/code")
            .errors(Meaning.CLOCK_SKEW, "400002")
            .errors(Meaning.BAD_KEY, "400001", "400003", "400004", "400006", "400007")
            .errors(Meaning.BAD_SIGNATURE, "400005")
            .errors(Meaning.THROTTLED, "429000")
            .errors(Meaning.DUPLICATE, "300018")
            .errors(Meaning.UNKNOWN_OUTCOME, "500000")
            .trades("POST /api/v1/orders/**", "POST /api/v1/st-orders")
            .orderFields(OrderFields.of("symbol", "side", "price", "size")
                    .limitTypes("type", "limit", "")
                    .contractsWhen(request -> true)
                    .reduceOnlyWhen(
                            request -> FieldPath.text(request, "reduceOnly").equals("true")))
            .build();

    private KuCoinFutures() {}
}
