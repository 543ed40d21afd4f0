package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.attribute;
import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.json;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.path;
import static io.intaglio.signing.scheme.Parts.preHash;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.body;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.parameter;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Member;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * WhiteBIT: the JSON body, with path, nonce and nonce window as its first members, in base64 in a header, and HMAC-SHA512 over that
 * text, hex.
 *
 * <p>Attributes: {@code nonceWindow}, {@code false} unless given. Confirmed by vectors of a second implementation. A reused nonce is reported
 * as "Too many requests.", so that text does not tell throttling apart from a bad nonce. All private calls are POST.
 */
public final class WhiteBit {
    /** The venue. */
    public static final Venue VENUE = Venue.named("whitebit")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://whitebit.com")
            .scheme(Scheme.named("whitebit")
                    .contentType(When.always(), "application/json")
                    .stamp(
                            body("application/json"),
                            json(
                                    Member.text("request", path()),
                                    Member.text("nonce", nonce()),
                                    Member.value("nonceWindow", attribute("nonceWindow", "false")),
                                    Member.bodyMembers()))
                    .preHash(base64(body()))
                    .hmac(Hash.SHA512, SecretForm.UTF8)
                    .attach(header("X-TXC-APIKEY"), keyId())
                    .attach(header("X-TXC-PAYLOAD"), preHash())
                    .attach(header("X-TXC-SIGNATURE"), hex(signature()))
                    .publicWhen(When.pathStarts("/api/v4/public/"))
                    .build())
            .nonce(NonceRule.INCREASING_MILLIS)
            .riskReducing(When.pathStarts("/api/v4/order/cancel"))
            .orders(
                    When.pathStarts(
                            "/api/v4/order/new",
                            "/api/v4/order/market",
                            "/api/v4/order/stop_",
                            "/api/v4/order/collateral/"),
                    parameter("clientOrderId"),
                    Dedup.NONE)
            .errorCodeAt("/code")
            .build();

    private WhiteBit() {}
}
