package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.credential;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.pathAndQuery;
import static io.intaglio.signing.scheme.Parts.seconds;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Parts.when;
import static io.intaglio.signing.scheme.Places.header;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * Zero Hash: HMAC-SHA256 over seconds + method + path with query + body, base64. Where there is no body, <code>{}</code> is signed, and so
 * it is for an upload of documents. The credential needs a {@code passphrase}.
 *
 * <p>Sources: docs.zerohash.com for the headers and the 60 seconds; that <code>{}</code> is signed is unconfirmed, third-party clients agree on
 * it. The vectors are of a plain second computation. The venue names the header {@code X-REQUEST-ID} as idempotency key, but not for how
 * long, so nothing is repeated on its account.
 */
public final class ZeroHash {
    private static final Predicate<ApiRequest> SIGNS_BODY =
            When.body().and(When.pathEnds("/participants/documents").negate());

    /** The venue. */
    public static final Venue VENUE = Venue.named("zerohash")
            .baseUri("https://api.zerohash.com")
            .environment("cert", "https://api.cert.zerohash.com")
            .scheme(Scheme.named("zerohash")
                    .contentType(When.always(), "application/json")
                    .emptyBody(When.method("POST", "PUT", "PATCH"), "{}")
                    .emptyBody(When.always(), "")
                    .stamp(header("X-SCX-TIMESTAMP"), seconds())
                    .preHash(seconds(), method(), pathAndQuery(), when(SIGNS_BODY, body(), literal("{}")))
                    .hmac(Hash.SHA256, SecretForm.BASE64)
                    .attach(header("X-SCX-API-KEY"), keyId())
                    .attach(header("X-SCX-SIGNED"), base64(signature()))
                    .attach(header("X-SCX-PASSPHRASE"), credential("passphrase"))
                    .publicWhen(request -> request.path().equals("/time"))
                    .build())
            .window(Duration.ofSeconds(60), Duration.ofSeconds(60))
            .orders(When.method("POST"), header("X-REQUEST-ID"), Dedup.NONE)
            .build();

    private ZeroHash() {}
}
