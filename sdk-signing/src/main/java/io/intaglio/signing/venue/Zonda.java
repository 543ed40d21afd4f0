package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Parts.when;
import static io.intaglio.signing.scheme.Places.header;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;

/**
 * Zonda (zondacrypto): HMAC-SHA512 over key id, milliseconds and, of a POST, the body, hex. Neither path nor query is signed.
 *
 * <p>Confirmed by vectors of a second implementation; the venue takes seconds too. The nonce is a UUID that is sent as {@code Operation-Id}
 * and not signed.
 *
 * <p>All answers come with 200; a refusal has the {@code status} {@code Fail} and its reasons in {@code errors} (docs.zondacrypto.exchange,
 * "Introduction" and "Error messages"). A time-out, an overload or an unknown error does not say whether the offer was placed.
 */
public final class Zonda {
    /** The venue. */
    public static final Venue VENUE = Venue.named("zonda")
            .confirmed(Confirmation.SECOND_IMPLEMENTATION)
            .baseUri("https://api.zondacrypto.exchange")
            .scheme(Scheme.named("zonda")
                    .contentType(When.always(), "application/json")
                    .emptyBody(When.method("POST"), "{}")
                    .emptyBody(When.always(), "")
                    .stamp(header("Request-Timestamp"), millis())
                    .stamp(header("Operation-Id"), nonce())
                    .preHash(keyId(), millis(), when(When.method("POST"), body()))
                    .hmac(Hash.SHA512, SecretForm.UTF8)
                    .attach(header("API-Key"), keyId())
                    .attach(header("API-Hash"), hex(signature()))
                    .build())
            .nonce(NonceRule.UUID)
            .refusalFlagAt("/status", "Fail")
            .errorCodeAt("/errors/0")
            .errors(
                    Meaning.UNKNOWN_OUTCOME,
                    "RESPONSE_TIMEOUT",
                    "TIMEOUT",
                    "SYSTEM_TIMEOUT",
                    "SYSTEM_OVERLOADED",
                    "CORE_OVERFLOW",
                    "UNKNOWN_ERROR")
            .build();

    private Zonda() {}
}
