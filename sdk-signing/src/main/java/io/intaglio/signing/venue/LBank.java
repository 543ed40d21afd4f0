package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.base64;
import static io.intaglio.signing.scheme.Parts.bodyFields;
import static io.intaglio.signing.scheme.Parts.hash;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.hexUpper;
import static io.intaglio.signing.scheme.Parts.keyId;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Parts.whenKey;
import static io.intaglio.signing.scheme.Places.formField;
import static io.intaglio.signing.scheme.Places.header;

import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.scheme.Part;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import java.time.Duration;

/**
 * LBank v2: the parameters with key id, echo text, method and time, sorted and plain, are hashed by MD5, and the hash's upper-case hex text is
 * signed by HMAC-SHA256 (hex) or RSA (base64). The form holds the parameters, key id and signature, sorted; the rest is sent in headers.
 *
 * <p>Rule by a description of a second implementation, without its vectors. An RSA key is base64 text of PKCS#8 without armour, or PEM. The
 * nonce is the echo text, 30 to 40 letters and digits. Client order id and codes are unconfirmed, but 10000 ("internal error") and 10017 ("server error"),
 * which leave the outcome unknown; errors come with HTTP 200.
 */
public final class LBank {
    private static final Part METHOD = whenKey(KeyKind.SECRET, literal("HmacSHA256"), literal("RSA"));

    /** The venue. */
    public static final Venue VENUE = Venue.named("lbank")
            .baseUri("https://www.lbkex.net")
            .scheme(Scheme.named("lbank")
                    .sortParameters()
                    .stamp(formField("api_key"), keyId())
                    .stamp(header("timestamp"), millis())
                    .stamp(header("signature_method"), METHOD)
                    .stamp(header("echostr"), nonce())
                    .preHash(hexUpper(hash(
                            Hash.MD5,
                            bodyFields()
                                    .with("echostr", nonce())
                                    .with("signature_method", METHOD)
                                    .with("timestamp", millis())
                                    .raw()
                                    .sorted())))
                    .hmac(Hash.SHA256, SecretForm.UTF8)
                    .rsa(Hash.SHA256)
                    .attach(formField("sign"), whenKey(KeyKind.SECRET, hex(signature()), base64(signature())))
                    .publicWhen(When.method("GET"))
                    .build())
            .nonce(NonceRule.RANDOM_ALPHANUMERIC)
            .time("/v2/timestamp.do", "/data", Duration.ofMillis(1))
            .orders(request -> request.path().endsWith("/create_order.do"), formField("custom_id"), Dedup.NONE)
            .errorsInOkAnswers("0")
            .errorCodeAt("/error_code")
            .errors(Meaning.THROTTLED, "10004")
            .errors(Meaning.BAD_KEY, "10005", "10022")
            .errors(Meaning.BAD_SIGNATURE, "10007")
            .errors(Meaning.BAD_NONCE, "10031")
            .errors(Meaning.DUPLICATE, "10036")
            .errors(Meaning.CLOCK_SKEW, "10600")
            .errors(Meaning.UNKNOWN_OUTCOME, "10000", "10017")
            .build();

    private LBank() {}
}
