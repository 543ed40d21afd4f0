package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.concat;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.pathAndQuery;
import static io.intaglio.signing.scheme.Parts.query;
import static io.intaglio.signing.scheme.Parts.seconds;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Parts.when;
import static io.intaglio.signing.scheme.Places.header;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Part;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * DigiFinex: HMAC-SHA256, hex. Spot signs the parameters alone, sorted and encoded as sent, with seconds in a header; swap signs milliseconds,
 * method, path with sorted query, and JSON body.
 *
 * <p>Confirmed by vectors of a second implementation; the window is unconfirmed. Spot sends a form, swap JSON. Code 50000
 * ("exception error") leaves the outcome unknown.
 */
public final class DigiFinex {
    private static final Predicate<ApiRequest> SWAP = When.pathStarts("/swap/");
    private static final Part TIME = when(SWAP, millis(), seconds());

    /** The venue. */
    public static final Venue VENUE = Venue.named("digifinex")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://openapi.digifinex.com")
            .scheme(Scheme.named("digifinex")
                    .sortParameters()
                    .stamp(header("ACCESS-TIMESTAMP"), TIME)
                    .preHash(when(SWAP, concat(TIME, method(), pathAndQuery(), body()), concat(query(), body())))
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(header("ACCESS-KEY"), keyId())
                    .attach(header("ACCESS-SIGN"), hex(signature()))
                    .publicWhen(When.pathStarts("/v3/time", "/v3/ping", "/swap/v2/public/"))
                    .build())
            .window(Duration.ofMinutes(1), Duration.ofMinutes(1))
            .time("/v3/time", "/server_time", Duration.ofSeconds(1))
            .errorsInOkAnswers("0")
            .errorCodeAt("/code")
            .errors(Meaning.BAD_KEY, "10002", "10006", "10007")
            .errors(Meaning.BAD_SIGNATURE, "10003")
            .errors(Meaning.THROTTLED, "10005")
            .errors(Meaning.CLOCK_SKEW, "10008")
            .errors(Meaning.UNKNOWN_OUTCOME, "50000")
            .build();

    private DigiFinex() {}
}
