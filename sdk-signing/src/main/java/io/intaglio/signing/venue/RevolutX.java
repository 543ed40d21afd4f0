package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.query;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.key.KeyReader;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * Revolut X: Ed25519 over milliseconds, method, path, query without {@code ?}, and body, base64.
 *
 * <p>Confirmed by vectors of a second implementation.
 */
public final class RevolutX {
    /** The venue. */
    public static final Venue VENUE = Venue.named("revolutx")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://revx.revolut.com")
            .scheme(Scheme.named("revolutx")
                    .stamp(header("X-Revx-Timestamp"), millis())
                    .preHash(millis(), method(), path(), query(), body())
                    .ed25519(KeyReader.SeedForm.PEM)
                    .attach(header("X-Revx-API-Key"), keyId())
                    .attach(header("X-Revx-Signature"), base64(signature()))
                    .publicWhen(When.pathStarts("/api/1.0/public/"))
                    .build())
            .orders(
                    request -> request.method().equals("POST") && request.path().equals("/api/1.0/orders"),
                    parameter("client_order_id"),
                    Dedup.NONE)
            .build();

    private RevolutX() {}
}
