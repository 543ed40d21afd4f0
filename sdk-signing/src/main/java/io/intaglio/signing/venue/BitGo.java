package io.intaglio.signing.venue;

import static io.intaglio.signing.scheme.Parts.body;
import static io.intaglio.signing.scheme.Parts.concat;
import static io.intaglio.signing.scheme.Parts.credential;
import static io.intaglio.signing.scheme.Parts.hex;
import static io.intaglio.signing.scheme.Parts.join;
import static io.intaglio.signing.scheme.Parts.lines;
import static io.intaglio.signing.scheme.Parts.literal;
import static io.intaglio.signing.scheme.Parts.method;
import static io.intaglio.signing.scheme.Parts.millis;
import static io.intaglio.signing.scheme.Parts.nonce;
import static io.intaglio.signing.scheme.Parts.pathAndQuery;
import static io.intaglio.signing.scheme.Parts.seconds;
import static io.intaglio.signing.scheme.Parts.sha256;
import static io.intaglio.signing.scheme.Parts.signature;
import static io.intaglio.signing.scheme.Places.header;

import io.intaglio.signing.Credential;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.SigningException;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.key.SignatureAlgorithm;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.scheme.Choice;
import io.intaglio.signing.scheme.Part;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.scheme.When;
import io.intaglio.signing.secret.InsecureSecretAccess;
import io.intaglio.signing.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * BitGo: HMAC-SHA256 by the access token, hex, in three versions that differ in what is signed. Answers are signed too, see
 * {@link #verifyAnswer}. The token itself never travels, only its SHA-256.
 *
 * <p>Make the credential with {@link #withToken}. Its attribute {@code authVersion} is 2, 3 or 4, and 3 unless given; version 4 needs a nonce.
 * Sources: developers.bitgo.com, "HMAC", and the official sdk-hmac. The header names of version 4, and that it carries Authorization, are
 * unconfirmed. A call without body signs and sends <code>{}</code>, but for a GET.
 */
public final class BitGo {
    /** HMAC-SHA256 by the text of the access token; requests and answers alike. */
    public static final SignatureAlgorithm ALGORITHM = SignatureAlgorithm.hmac(Hash.SHA256, SecretForm.UTF8);

    private static final Duration OLDEST = Duration.ofMinutes(5);
    private static final Duration NEWEST = Duration.ofMinutes(1);

    private static final Scheme V2 = signedBy("2.0", join("|", millis(), pathAndQuery(), body()));
    private static final Scheme V3 =
            signedBy("3.0", join("|", method(), millis(), literal("3.0"), pathAndQuery(), body()));
    private static final Scheme V4 = begun("bitgo, version 4")
            .stamp(header("X-Request-Timestamp"), seconds())
            .stamp(header("X-Content-SHA256"), hex(sha256(body())))
            .stamp(header("X-Auth-Request-Id"), nonce())
            .preHash(lines(seconds(), method(), pathAndQuery(), hex(sha256(body())), nonce(), literal("")))
            .algorithm(ALGORITHM)
            .attach(header("X-Signature"), hex(signature()))
            .build();

    /** The venue. */
    public static final Venue VENUE = Venue.named("bitgo")
            .confirmed(Confirmation.OFFICIAL)
            .baseUri("https://app.bitgo.com")
            .environment("test", "https://app.bitgo-test.com")
            .scheme(Choice.otherwise(V3)
                    .when((request, credential) -> versionOf(credential) == 2, V2)
                    .when((request, credential) -> versionOf(credential) == 4, V4))
            .nonce(NonceRule.UUID)
            .limit(Limit.rolling("calls", Limit.Scope.ACCOUNT, 360, Duration.ofMinutes(1)))
            .riskReducing(request -> false)
            .withdrawals(Withdrawals.by(
                            "POST /api/v2/*/wallet/*/sendcoins",
                            "POST /api/v2/*/wallet/*/sendmany",
                            "POST /api/v2/*/wallet/*/tx/**",
                            "POST /api/v2/wallet/*/txrequests/**",
                            "POST /v2/wallets/transfer")
                    .to("address", "recipients/*/address")
                    .readableWhen(request ->
                            !request.path().contains("/tx/") && !request.path().contains("/txrequests")))
            .build();

    private static Scheme.Builder begun(String name) {
        return Scheme.named(name)
                .emptyBody(When.method("GET"), "")
                .emptyBody(When.always(), "{}")
                .stamp(header("Authorization"), concat(literal("Bearer "), hex(sha256(credential("token")))));
    }

    private static Scheme signedBy(String version, Part text) {
        return begun("bitgo, version " + version)
                .stamp(header("BitGo-Auth-Version"), literal(version))
                .stamp(header("Auth-Timestamp"), millis())
                .preHash(text)
                .algorithm(ALGORITHM)
                .attach(header("HMAC"), hex(signature()))
                .build();
    }

    /** The credential of an access token, which is key and identity at once. */
    public static Credential withToken(Secret token) {
        String hash = InsecureSecretAccess.use(
                token, bytes -> HexFormat.of().formatHex(Hash.SHA256.digest(bytes, 0, bytes.length)));
        return Credential.hmac(hash, token).with("token", token);
    }

    private static int versionOf(Credential credential) {
        String version = credential.attribute("authVersion").orElse("3");
        return switch (version) {
            case "2", "3", "4" -> Integer.parseInt(version);
            default ->
                throw new SigningException("bitgo has the versions 2, 3 and 4, but authVersion of credential "
                        + credential.shortKeyId() + " is '" + version + "'; set one of them");
        };
    }

    /**
     * Whether an answer is BitGo's, to this request, and of now: its signature is compared in constant time, and its timestamp may lie five
     * minutes back and one minute ahead. Anything malformed is false.
     *
     * @param sent the request as it was signed
     * @param status HTTP status of the answer
     * @param timestamp what the answer's {@code timestamp} header says: milliseconds, in version 4 seconds
     * @param hmac what the answer's {@code hmac} header says
     * @param body of the answer, as received
     * @param now on a clock that is right
     */
    public static boolean verifyAnswer(
            SignedRequest sent,
            Credential credential,
            int status,
            String timestamp,
            String hmac,
            byte[] body,
            Instant now) {
        if (!timestamp.matches("[0-9]{1,15}")) {
            return false;
        }
        long number = Long.parseLong(timestamp);
        Instant time = versionOf(credential) == 4 ? Instant.ofEpochSecond(number) : Instant.ofEpochMilli(number);
        if (time.isBefore(now.minus(OLDEST)) || time.isAfter(now.plus(NEWEST))) {
            return false;
        }
        String expected = HexFormat.of()
                .formatHex(key(credential).sign(ALGORITHM, answerText(sent, credential, status, timestamp, body)));
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.US_ASCII), hmac.getBytes(StandardCharsets.US_ASCII));
    }

    /** The bytes that BitGo signs of an answer; the parameters are those of {@link #verifyAnswer}. */
    public static byte[] answerText(
            SignedRequest sent, Credential credential, int status, String timestamp, byte[] body) {
        byte[] head = switch (versionOf(credential)) {
            case 2 -> (timestamp + "|" + sent.target() + "|" + status + "|").getBytes(StandardCharsets.UTF_8);
            case 3 ->
                (sent.method() + "|" + timestamp + "|" + sent.target() + "|" + status + "|")
                        .getBytes(StandardCharsets.UTF_8);
            default -> {
                String hash = HexFormat.of().formatHex(Hash.SHA256.digest(body, 0, body.length));
                String id = sent.header("X-Auth-Request-Id").orElse("");
                yield String.join("\n", timestamp, sent.method(), sent.target(), status + "", hash, id, "")
                        .getBytes(StandardCharsets.UTF_8);
            }
        };
        if (versionOf(credential) == 4) {
            return head;
        }
        byte[] text = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, text, head.length, body.length);
        return text;
    }

    private static SigningKey key(Credential credential) {
        return credential
                .key()
                .orElseThrow(() -> new SigningException("bitgo verifies an answer by its access token, but credential "
                        + credential.shortKeyId() + " has no key; make it with BitGo.withToken(token)"));
    }

    private BitGo() {}
}
