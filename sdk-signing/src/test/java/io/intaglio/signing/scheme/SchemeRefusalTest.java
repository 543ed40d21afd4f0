package io.intaglio.signing.scheme;

import static io.intaglio.signing.scheme.Parts.attribute;
import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.credential;
import static io.intaglio.signing.scheme.Parts.headerValue;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.host;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.preHash;
import static io.intaglio.signing.scheme.Parts.secondsFromNow;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;
import static io.intaglio.signing.scheme.Places.jsonField;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.Access;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Body;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SigningException;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.venue.KrakenSpot;
import io.intaglio.signing.venue.Okx;
import io.intaglio.signing.venue.Robinhood;
import io.intaglio.signing.venue.Venue;
import io.intaglio.signing.venue.Venues;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One fault, one message, whole: subject, seen, wanted, next step. */
class SchemeRefusalTest {
    private static final Moment NOW = Moment.at(Instant.ofEpochSecond(1_700_000_000));
    private static final Credential KEY = Credential.hmac("desk-seven-key", secret("s3cr3t"));
    private static final ApiRequest GET = ApiRequest.get("/orders");

    private static Secret secret(String text) {
        return Secret.takeOver(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Scheme scheme(Part... parts) {
        return Scheme.named("test")
                .preHash(parts)
                .hmac(Hash.SHA256, SecretForm.UTF8)
                .attach(header("X-Sign"), hex(signature()))
                .build();
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(SigningException.class).hasMessage(message);
    }

    @Test
    void sign_secretForAVenueOfEd25519Keys_isRefused() {
        refused(
                () -> Robinhood.VENUE.scheme().sign(GET, KEY, NOW),
                "robinhood takes Ed25519, but credential desk... holds an HMAC secret; create a key of a kind that the venue takes");
    }

    static java.util.List<Venue> venues() {
        return Venues.all();
    }

    @ParameterizedTest
    @MethodSource("venues")
    void sign_keyOfAKindThatNoVenueTakes_isRefusedAndNamesTheKeyShort(Venue venue) {
        var odd = SigningKey.remote("odd", io.intaglio.signing.key.KeyKind.EC_SECP256K1, (algorithm, data) -> data);
        boolean taken = venue.scheme().algorithms().stream().anyMatch(algorithm -> algorithm.accepts(odd.kind()));
        org.junit.jupiter.api.Assumptions.assumeFalse(
                taken || venue.scheme().algorithms().isEmpty(), venue + " takes any EC key, or does not sign");
        ApiRequest order = ApiRequest.post("/x").baseUri(venue.baseUri()).access(Access.SIGNED);

        Credential key = Credential.of("desk-seven-key", odd).with("region", "eu-west-1");

        assertThatThrownBy(() -> venue.scheme().sign(order, key, NOW))
                .isInstanceOf(SigningException.class)
                .hasMessageContaining(", but credential desk... holds an EC secp256k1 private key; ");
    }

    @Test
    void sign_keyIdAlone_isRefused() {
        refused(
                () -> KrakenSpot.VENUE.scheme().sign(GET, Credential.keyId("desk-seven-key"), NOW),
                "kraken signs GET /orders, but credential desk... has no signing key; "
                        + "give it one, or send the call with access(Access.PUBLIC)");
    }

    @Test
    void sign_noNonce_isRefused() {
        refused(
                () -> KrakenSpot.VENUE.scheme().sign(ApiRequest.post("/0/private/Balance"), base64Key(), NOW),
                "kraken needs a nonce, but the moment has none; give Moment.of(time, nonce) or a nonce source");
    }

    private static Credential base64Key() {
        return Credential.hmac("desk-seven-key", secret("c2VjcmV0c2VjcmV0"));
    }

    @Test
    void sign_noPassphrase_isRefused() {
        refused(
                () -> Okx.VENUE.scheme().sign(ApiRequest.get("/api/v5/account/balance"), KEY, NOW),
                "okx needs 'passphrase' with credential desk...; add it with Credential.with(\"passphrase\", ...)");
    }

    @Test
    void sign_absentHeader_isRefusedAndNeverSignedAsEmpty() {
        refused(
                () -> scheme(headerValue("Date")).sign(GET, KEY, NOW),
                "test signs header Date, but GET /orders has none; an empty text is never signed in its place, so add the header");
    }

    @Test
    void sign_absentAttribute_isRefused() {
        refused(
                () -> scheme(attribute("instruction")).sign(GET, KEY, NOW),
                "test needs attribute 'instruction' on GET /orders; add attribute(\"instruction\", ...)");
    }

    @Test
    void sign_attributeThatNoPartReads_isRefused() {
        refused(
                () -> scheme(body()).sign(GET.attribute("recvWindw", "5"), KEY, NOW),
                "test has no use for attribute 'recvWindw' on GET /orders; the venue's Javadoc lists the attributes it reads");
    }

    @Test
    void sign_attributeThatIsNoNumber_isRefused() {
        refused(
                () -> scheme(secondsFromNow("expires", 5)).sign(GET.attribute("expires", "5s"), KEY, NOW),
                "test reads attribute 'expires' as a whole number; '5s' is none");
    }

    @Test
    void sign_absentCredentialValue_isRefused() {
        refused(
                () -> scheme(credential("account")).sign(GET, KEY, NOW),
                "test needs 'account' with credential desk...; add it with Credential.with(\"account\", ...)");
    }

    @Test
    void sign_hostWithoutBaseUri_isRefused() {
        refused(
                () -> scheme(host()).sign(GET, KEY, NOW),
                "test signs the host, but GET /orders has no base URI; set it with baseUri(...)");
    }

    @Test
    void sign_headerSetByTheCallerToAnotherValue_isRefused() {
        refused(
                () -> scheme(body()).sign(GET.header("x-sign", "mine"), KEY, NOW),
                "header X-Sign is set by scheme test, but the request sets another value; remove it from the request");
    }

    @Test
    void sign_jsonStampOnAnArray_isRefused() {
        Scheme stamped = Scheme.named("test")
                .stamp(jsonField("nonce"), nonce())
                .preHash(body())
                .hmac(Hash.SHA256, SecretForm.UTF8)
                .build();
        ApiRequest batch = ApiRequest.post("/batch").body(Body.json(java.util.List.of("a")));

        refused(
                () -> stamped.sign(batch, KEY, Moment.of(NOW.timestamp(), "1")),
                "test needs a JSON object as the body of POST /batch; give it with json(name, value)");
    }

    @Test
    void sign_nonceThatIsNoNumberForANumericMember_isRefused() {
        Scheme stamped = Scheme.named("test")
                .stamp(jsonField("nonce").asNumber(), nonce())
                .preHash(body())
                .hmac(Hash.SHA256, SecretForm.UTF8)
                .build();

        refused(
                () -> stamped.sign(ApiRequest.post("/x").json("a", 1), KEY, Moment.of(NOW.timestamp(), "ab")),
                "test writes JSON member nonce as a number, but its value is not one; use a numeric nonce");
    }

    @Test
    void sign_halfASurrogatePair_isRefused() {
        refused(
                () -> scheme(body()).sign(ApiRequest.post("/x").form("note", "a\ud83d"), KEY, NOW),
                "a field holds half of a surrogate pair (U+d83d), which has no UTF-8 form; give whole characters");
    }

    @Test
    void sign_nameThatCannotGoUnencoded_isRefused() {
        Scheme plain = Scheme.named("test")
                .encoding(UrlEncoding.STRICT.withPlainNames())
                .preHash(body())
                .hmac(Hash.SHA256, SecretForm.UTF8)
                .build();

        refused(
                () -> plain.sign(ApiRequest.post("/x").form("a&b", "1"), KEY, NOW),
                "field name at position 2 holds U+0026, but this venue takes names unencoded; use letters, digits and brackets");
    }

    @Test
    void sign_partsOfTheResultBeforeTheyExist_isRefused() {
        refused(
                () -> scheme(signature()).sign(GET, KEY, NOW),
                "test uses its signature before it exists; move that part to attach(...)");
        refused(
                () -> scheme(preHash()).sign(GET, KEY, NOW),
                "test uses its pre-hash before it exists; move that part to attach(...)");
    }

    @Test
    void build_preHashWithoutAlgorithmOrTheReverse_isRefused() {
        assertThatThrownBy(() -> Scheme.named("test").preHash(body()).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "scheme test has a pre-hash but no algorithm; declare both, or neither for a venue without signatures");
        assertThatThrownBy(() -> Scheme.named("test").ed25519().build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "scheme test has an algorithm but no pre-hash; declare both, or neither for a venue without signatures");
    }

    @Test
    void sign_publicCall_addsNothingAndNeedsNoKey() {
        var sent = scheme(headerValue("Date")).sign(GET.access(Access.PUBLIC), Credential.keyId("k"), NOW);

        assertThat(sent.isSigned()).isFalse();
        assertThat(sent.headers()).isEmpty();
        assertThat(sent.signature()).isEmpty();
        assertThat(sent.preHash()).isEmpty();
    }

    @Test
    void stamp_fieldTheCallerHasSet_isLeftAsItIs() {
        Scheme stamped = Scheme.named("test")
                .stamp(Places.param("timestamp").first(), literal("ours"))
                .preHash(Parts.query())
                .hmac(Hash.SHA256, SecretForm.UTF8)
                .build();

        assertThat(stamped.sign(GET.query("timestamp", "theirs"), KEY, NOW).target())
                .isEqualTo("/orders?timestamp=theirs");
    }
}
