package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.pathAndQuery;
import static io.intaglio.signing.scheme.Parts.seconds;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;

import io.intaglio.signing.key.KeyReader;
import io.intaglio.signing.scheme.Scheme;
import java.time.Duration;

/**
 * Anchorage Digital: Ed25519 over seconds + method + path with query + body, hex. The venue asks for a signature on sensitive calls only;
 * here every call is signed. A key is a seed in hex, or PEM.
 *
 * <p>Source: doc.anchorage.com, "Request signing". The vectors are of a plain second computation. The staging address and {@code idempotentId}
 * are unconfirmed.
 */
public final class Anchorage {
    /** The venue. */
    public static final Venue VENUE = Venue.named("anchorage")
            .confirmed(Confirmation.OFFICIAL)
            .baseUri("https://api.anchorage.com")
            .environment("staging", "https://api.anchorage-staging.com")
            .scheme(Scheme.named("anchorage")
                    .stamp(header("Api-Timestamp"), seconds())
                    .preHash(seconds(), method(), pathAndQuery(), body())
                    .ed25519(KeyReader.SeedForm.HEX)
                    .attach(header("Api-Access-Key"), keyId())
                    .attach(header("Api-Signature"), hex(signature()))
                    .keyOnly(header("Api-Access-Key"), keyId())
                    .build())
            .window(Duration.ofSeconds(60), Duration.ofSeconds(60))
            .riskReducing(request -> false)
            .build();

    private Anchorage() {}
}
