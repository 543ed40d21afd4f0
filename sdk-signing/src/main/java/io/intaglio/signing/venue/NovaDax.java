package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.hash;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.lines;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.queryFields;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Parts.when;
import static io.intaglio.signing.scheme.Places.header;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.time.Duration;

/**
 * NovaDAX: HMAC-SHA256 over method, path, sorted query or MD5 of the body, and milliseconds, a line feed between them; hex. The query is sent
 * in the caller's order.
 *
 * <p>Confirmed by vectors of a second implementation; codes are unconfirmed. Errors come with HTTP 200.
 */
public final class NovaDax {
    /** The venue. */
    public static final Venue VENUE = Venue.named("novadax")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api.novadax.com")
            .scheme(Scheme.named("novadax")
                    .emptyBody(When.method("POST"), "{}")
                    .stamp(header("X-Nova-Timestamp"), millis())
                    .preHash(lines(
                            method(),
                            path(),
                            when(
                                    When.method("POST"),
                                    hex(hash(Hash.MD5, body())),
                                    queryFields().sorted()),
                            millis()))
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .attach(header("X-Nova-Access-Key"), keyId())
                    .attach(header("X-Nova-Signature"), hex(signature()))
                    .publicWhen(When.pathStarts("/v1/common/", "/v1/market/"))
                    .build())
            .time("/v1/common/timestamp", "/data", Duration.ofMillis(1))
            .errorsInOkAnswers("A10000")
            .errorCodeAt("/code")
            .errors(Meaning.BAD_KEY, "A10003", "A10005")
            .errors(Meaning.THROTTLED, "A10004")
            .build();

    private NovaDax() {}
}
