package io.intaglio.signing.vector;

import io.intaglio.signing.Access;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Body;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Field;
import io.intaglio.signing.Logon;
import io.intaglio.signing.LogonRequest;
import io.intaglio.signing.LogonScheme;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.SigningException;
import io.intaglio.signing.internal.Codecs;
import io.intaglio.signing.internal.JsonReader;
import io.intaglio.signing.internal.Percent;
import io.intaglio.signing.key.KeyReader;
import io.intaglio.signing.key.SignatureAlgorithm;
import io.intaglio.signing.key.VerifyingKey;
import io.intaglio.signing.secret.Secret;
import io.intaglio.signing.venue.BitGo;
import io.intaglio.signing.venue.Venue;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One golden vector: inputs, and what is expected at each stage. */
public final class VectorCase {
    /** Names under which a file gives the key itself, in the order in which they are looked for. */
    private static final List<String> KEY_NAMES = List.of(
            "secret",
            "privateKey",
            "privateKeyPem",
            "privateKeyPkcs8",
            "privateKeySec1",
            "apiKeySecret",
            "privateKeySeedBase64",
            "secretAccessKey",
            "token");

    private static final List<String> KEY_ID_NAMES = List.of("apiKey", "apiKeyId", "accessKeyId", "companyIdentifier");
    private static final Set<String> SECRET_ATTRIBUTES = Set.of("passphrase", "token", "walletSecret");
    private static final Set<String> NOT_ATTRIBUTES =
            Set.of("keyType", "secretEncoding", "secretFormat", "publicKeyPem", "publicKeyHex", "publicKeyBase64");

    /** Options that describe the source's habits and are no input of a scheme. */
    private static final Set<String> NOT_OPTIONS = Set.of("auth", "dummyBody", "bodyIgnored", "jsonAsParam");

    /** BitGo's cases say the version of the scheme in their name only. */
    private static final Pattern BITGO_VERSION = Pattern.compile("v([0-9])_.*");

    private final String venue;
    private final String fileSource;
    private final Json json;

    VectorCase(String venue, String fileSource, Json json) {
        this.venue = venue;
        this.fileSource = fileSource;
        this.json = json;
    }

    /** Name of the venue. */
    public String venue() {
        return venue;
    }

    /** Name of the case, unique within its file. */
    public String name() {
        return json.needText("name");
    }

    /** Where the expected values come from: the case's own word, else the file's. */
    public String source() {
        return json.text("source").orElse(fileSource);
    }

    /** Method of the request: an HTTP method, or WS or FIX for a log-on over another transport. */
    public String method() {
        return json.needObject("request").needText("method");
    }

    /** The request. */
    public ApiRequest request() {
        Json request = json.needObject("request");
        ApiRequest built = ApiRequest.of(request.needText("method"), request.needText("path"))
                .baseUri(URI.create(request.needText("baseUrl")));
        for (String[] field : request.pairs("query")) {
            built = built.query(field[0], field[1]);
        }
        built = built.body(body(request));
        if (json.has("apiExpires")) {
            long left = number("apiExpires") - moment().timestamp().getEpochSecond();
            built = built.attribute("expiresInSeconds", Long.toString(left));
        }
        if (json.has("apiNonce")) {
            built = built.attribute("apiNonce", json.needText("apiNonce"));
        }
        if (json.object("options").isPresent()) {
            Json options = json.needObject("options");
            for (Object name : options.members().keySet()) {
                if (!NOT_OPTIONS.contains(name)) {
                    built = built.attribute((String) name, options.needText((String) name));
                }
            }
            if (options.text("auth").equals(Optional.of("keyOnly"))) {
                built = built.access(Access.KEY_ONLY);
            } else if (options.text("auth").equals(Optional.of("signed"))) {
                built = built.access(Access.SIGNED);
            }
        }
        return built;
    }

    private static Body body(Json request) {
        String encoding = request.text("bodyEncoding").orElse("none");
        Object body = request.get("body");
        if (body instanceof String text) {
            if (text.isEmpty()) {
                return Body.none();
            }
            return encoding.equals("form") ? Body.form(parseForm(text)) : Body.text(text, "application/json");
        }
        if (encoding.equals("form")) {
            List<Field> fields = new ArrayList<>();
            request.pairs("body").forEach(pair -> fields.add(new Field(pair[0], pair[1])));
            return Body.form(fields);
        }
        return body == null ? Body.none() : Body.json(body);
    }

    private static List<Field> parseForm(String text) {
        List<Field> fields = new ArrayList<>();
        for (String pair : text.split("&", -1)) {
            int equal = pair.indexOf('=');
            fields.add(new Field(decode(pair.substring(0, equal)), decode(pair.substring(equal + 1))));
        }
        return fields;
    }

    private static String decode(String text) {
        return new String(Percent.decode(text), StandardCharsets.UTF_8);
    }

    /** Time and nonce; 1970 where the case has no time because its scheme reads none. */
    public Moment moment() {
        Instant time = Instant.ofEpochMilli(json.has("clock_ms") ? number("clock_ms") : 0);
        Optional<String> nonce = json.text("nonce");
        return nonce.isPresent() ? Moment.of(time, nonce.get()) : Moment.at(time);
    }

    private long number(String name) {
        return new BigDecimal(json.needText(name)).longValueExact();
    }

    /** The credential, made from the file's public keys as the venue hands keys out. */
    public Credential credential(Venue of) {
        Json given = json.needObject("credentials");
        String keyId = KEY_ID_NAMES.stream()
                .filter(given::has)
                .map(given::needText)
                .findFirst()
                .orElse("none");
        Credential credential = key(of, given, keyId);
        Matcher version = BITGO_VERSION.matcher(name());
        if (of.name().equals(BitGo.VENUE.name()) && version.matches()) {
            credential = credential.with("authVersion", version.group(1));
        }
        for (Object member : given.members().keySet()) {
            String name = (String) member;
            if (!given.has(name) || NOT_ATTRIBUTES.contains(name)) {
                continue;
            }
            if (SECRET_ATTRIBUTES.contains(name) || KEY_NAMES.contains(name)) {
                credential = credential.with(name, secret(given.needText(name)));
            } else {
                credential = credential.with(name, given.needText(name));
            }
        }
        return credential;
    }

    private static Credential key(Venue of, Json given, String keyId) {
        if (of.scheme().algorithms().isEmpty()) {
            return Credential.keyId(keyId);
        }
        for (String name : KEY_NAMES) {
            if (given.has(name)) {
                Secret text = secret(given.needText(name));
                boolean bareSeed =
                        given.text("keyType").orElse("").startsWith("ed25519") && !KeyReader.looksLikePem(text);
                return bareSeed
                        ? Credential.of(keyId, KeyReader.ed25519(text, seedForm(given)))
                        : of.credential(keyId, text);
            }
        }
        return Credential.keyId(keyId);
    }

    /** The form of a bare seed, which a scheme with several algorithms cannot tell from a secret. */
    private static KeyReader.SeedForm seedForm(Json given) {
        String keyType = given.text("keyType").orElse("");
        if (keyType.contains("base58")) {
            return KeyReader.SeedForm.BASE58;
        }
        if (keyType.contains("base64url")) {
            return KeyReader.SeedForm.BASE64URL;
        }
        return keyType.contains("hex") ? KeyReader.SeedForm.HEX : KeyReader.SeedForm.BASE64;
    }

    private static Secret secret(String text) {
        return Secret.takeOver(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether the case is a log-on over another transport than HTTP. */
    public boolean isLogon() {
        return method().equals("WS") || method().equals("FIX");
    }

    /** What a log-on says, before it is signed. */
    public LogonRequest logonRequest() {
        Json request = json.needObject("request");
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        if (request.get("wsParams") instanceof List<?> pairs) {
            for (Object pair : pairs) {
                if (!(pair instanceof List<?> entry) || entry.size() != 2) {
                    throw new IllegalArgumentException(json.subject() + " has an entry in 'wsParams' that is no pair");
                }
                fields.put(String.valueOf(entry.get(0)), entry.get(1));
            }
        }
        request.object("fix")
                .ifPresent(tags -> tags.members().forEach((tag, value) -> fields.put((String) tag, value)));
        return new LogonRequest(request.text("wsMethod").orElse(""), fields);
    }

    /**
     * Signs a log-on by the venue's rule for the case's transport.
     *
     * @throws SigningException when the venue has no such rule
     */
    public Logon signLogon(Venue of) {
        LogonScheme scheme = (method().equals("FIX") ? of.fix() : of.webSocket())
                .orElseThrow(() -> new SigningException(
                        of + " has no rule for " + method() + ", which " + this + " needs; declare it in the venue"));
        return scheme.sign(logonRequest(), credential(of), moment());
    }

    /** Signs the case by the venue's scheme, not for a log-on; a case about an answer gives the request with what the venue signs of the answer. */
    public SignedRequest sign(Venue of) {
        Credential credential = credential(of);
        SignedRequest signed = of.scheme().sign(request(), credential, moment());
        if (!json.text("kind").equals(Optional.of("responseVerification"))) {
            return signed;
        }
        Json answer = json.needObject("response");
        byte[] text = BitGo.answerText(
                signed,
                credential,
                Integer.parseInt(answer.needText("status")),
                answer.needObject("headers").needText("timestamp"),
                answer.needText("body").getBytes(StandardCharsets.UTF_8));
        byte[] signature = credential.key().orElseThrow().sign(BitGo.ALGORITHM, text);
        return SignedRequest.owning(
                signed.method(),
                signed.target(),
                signed.baseUri().orElse(null),
                List.of(),
                null,
                text,
                text.length,
                Codecs.hex(signature));
    }

    /** What differs between the venue's scheme and what is expected, one line a stage; empty when all stages match. */
    public List<String> differences(Venue of) {
        return isLogon() ? differences(signLogon(of)) : differences(sign(of));
    }

    /** What differs between a log-on and what is expected. */
    public List<String> differences(Logon logon) {
        Json expect = json.needObject("expect");
        List<String> differences = new ArrayList<>();
        expect.object("fix")
                .ifPresent(tags -> tags.members()
                        .forEach((tag, value) -> compare(
                                "tag " + tag,
                                String.valueOf(value),
                                logon.text((String) tag).orElse("absent"),
                                differences)));
        expect.object("wsParams")
                .ifPresent(params -> compareObject(
                        "parameters", params.members(), logon.fields().get("params"), Set.of(), differences));
        expect.text("frame").ifPresent(frame -> compare("frame", frame, logon.json(), differences));
        expect.text("token")
                .ifPresent(token -> compare("token", token, logon.text("jwt").orElse("absent"), differences));
        expect.text("signature")
                .ifPresent(text -> compare("signature", text, logon.signature().orElse("absent"), differences));
        expect.text("prehash").ifPresent(text -> compareLogonText(text, logon.preHash(), differences));
        return differences;
    }

    /** Where a scheme hashes a text before it signs, a source gives that text, and it is compared by its hash. */
    private static void compareLogonText(String text, byte[] seen, List<String> differences) {
        byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
        if (!Arrays.equals(wanted, seen)
                && !Arrays.equals(io.intaglio.signing.key.Hash.SHA256.digest(wanted, 0, wanted.length), seen)) {
            differences.add("pre-hash: wanted " + shown(wanted) + " or its SHA-256, got " + shown(seen));
        }
    }

    /** What differs between a signed request and what is expected. */
    public List<String> differences(SignedRequest signed) {
        Json expect = json.needObject("expect");
        boolean randomised = json.has("verifyOnly") || expect.has("verifyOnly");
        List<String> differences = new ArrayList<>();
        expect.text("url").ifPresent(url -> compare("url", url, signed.url(), differences));
        compareBody(expect, signed, randomised, differences);
        expect.object("headers")
                .ifPresent(headers -> headers.members().forEach((name, value) -> {
                    if (randomised && holdsSignature(expect, String.valueOf(value))) {
                        compareBeforeSignature(expect, (String) name, String.valueOf(value), signed, differences);
                    } else {
                        compareHeader((String) name, String.valueOf(value), signed, differences);
                    }
                }));
        if (randomised) {
            compareRandomised(expect, signed, differences);
        } else {
            comparePreHash(expect, signed, differences);
            expect.text("signature")
                    .ifPresent(text ->
                            compare("signature", text, signed.signature().orElse("absent"), differences));
        }
        return differences;
    }

    private static boolean holdsSignature(Json expect, String header) {
        return expect.text("signature").map(header::contains).orElse(false);
    }

    private static void compareBeforeSignature(
            Json expect, String name, String wanted, SignedRequest signed, List<String> differences) {
        String before = wanted.substring(0, wanted.indexOf(expect.needText("signature")));
        String seen = signed.header(name).orElse("absent");
        compare(
                "header " + name + " before its signature",
                before,
                seen.substring(0, Math.min(before.length(), seen.length())),
                differences);
    }

    /** Content-Length and Host are the transport's, so what counts is what it will make them from: the body and the address. */
    private static void compareHeader(String name, String wanted, SignedRequest signed, List<String> differences) {
        String seen = switch (name.toLowerCase(Locale.ROOT)) {
            case "content-length" -> Integer.toString(signed.bodyLength());
            case "host" ->
                signed.header(name)
                        .or(() -> signed.baseUri().map(URI::getRawAuthority))
                        .orElse("absent");
            default -> signed.header(name).orElse("absent");
        };
        compare("header " + name, wanted, seen, differences);
    }

    /** A body that holds a randomised signature cannot be told beforehand, so the case gives none and there is nothing to compare. */
    private void compareBody(Json expect, SignedRequest signed, boolean randomised, List<String> differences) {
        if (randomised
                && !expect.has("body")
                && json.needObject("request").text("body").orElse("").contains("<SIG>")) {
            return;
        }
        boolean ignored = json.object("options").map(o -> o.has("bodyIgnored")).orElse(false);
        compare("body", ignored ? "" : expect.text("body").orElse(""), signed.bodyText(), differences);
    }

    /**
     * The signed bytes as vector files give them. They differ from {@link SignedRequest#preHash} where a venue hashes the secret behind the
     * text: a signed request never holds a secret, a vector file does, its secret being public.
     */
    public byte[] preHash(Venue of, SignedRequest signed) {
        byte[] text = signed.preHash();
        if (!appendsSecret(of)) {
            return text;
        }
        byte[] secret = ownSecret();
        byte[] all = Arrays.copyOf(text, text.length + secret.length);
        System.arraycopy(secret, 0, all, text.length, secret.length);
        return all;
    }

    /** Whether the algorithm of this very case does, where a venue takes several. */
    private boolean appendsSecret(Venue of) {
        return of.scheme().algorithms().stream()
                .filter(SignatureAlgorithm::appendsSecret)
                .anyMatch(algorithm -> algorithm
                        .name()
                        .equals(of.scheme()
                                .explain(request(), credential(of), moment())
                                .algorithm()));
    }

    private byte[] ownSecret() {
        return json.needObject("credentials").text("secret").orElse("").getBytes(StandardCharsets.UTF_8);
    }

    /** The text without the secret at its end, which only a plain hash of text and secret has. */
    private byte[] withoutSecret(byte[] text) {
        byte[] secret = ownSecret();
        int end = text.length - secret.length;
        boolean ends = secret.length > 0 && end >= 0 && Arrays.equals(text, end, text.length, secret, 0, secret.length);
        return ends ? Arrays.copyOf(text, end) : text;
    }

    private void comparePreHash(Json expect, SignedRequest signed, List<String> differences) {
        byte[] wanted = null;
        if (expect.has("encodedPrehash")) {
            wanted = expect.needText("encodedPrehash").getBytes(StandardCharsets.UTF_8);
        } else if (expect.has("prehashBase64")) {
            wanted = Base64.getDecoder().decode(expect.needText("prehashBase64"));
        } else if (expect.has("prehashHex")) {
            wanted = HexFormat.of().parseHex(expect.needText("prehashHex"));
        } else if (expect.has("prehash")) {
            wanted = withoutSecret(expect.needText("prehash").getBytes(StandardCharsets.UTF_8));
        }
        if (wanted != null && !Arrays.equals(wanted, signed.preHash())) {
            differences.add("pre-hash: wanted " + shown(wanted) + ", got " + shown(signed.preHash()));
        }
    }

    private static String shown(byte[] bytes) {
        return io.intaglio.signing.Explanation.show(bytes);
    }

    private static void compare(String stage, String wanted, String seen, List<String> differences) {
        if (!wanted.equals(seen)) {
            differences.add(stage + ": wanted " + wanted + ", got " + seen);
        }
    }

    /** A randomised signature is verified with the public key given; a JWT is compared decoded, apart from its signature. */
    private void compareRandomised(Json expect, SignedRequest signed, List<String> differences) {
        VerifyingKey key = VerifyingKey.of(KeyReader.readPublic(expect.text("verifyKey")
                .or(() -> json.needObject("credentials").text("publicKeyPem"))
                .orElseThrow(() -> new IllegalArgumentException(json.subject() + " lacks a public key"))));
        if (expect.object("jwt").isPresent()) {
            String token = signed.header("X-Wallet-Auth")
                    .or(() -> signed.header("Authorization"))
                    .orElse("Bearer absent");
            compareToken(expect.needObject("jwt"), token.replaceFirst("^Bearer ", ""), key, differences);
        } else {
            comparePreHash(expect, signed, differences);
            byte[] signature = Base64.getDecoder().decode(signed.signature().orElse(""));
            if (!key.verify(
                    SignatureAlgorithm.ecdsa(
                            io.intaglio.signing.key.Hash.SHA256, io.intaglio.signing.key.EcdsaForm.DER),
                    signed.preHash(),
                    signature)) {
                differences.add("signature: does not verify with the public key given");
            }
        }
    }

    private static void compareToken(Json jwt, String token, VerifyingKey key, List<String> differences) {
        String[] segments = token.split("\\.", -1);
        if (segments.length != 3) {
            differences.add("token: wanted three segments, got " + segments.length);
            return;
        }
        compareObject(
                "JWT header", jwt.needObject("header").members(), decoded(segments[0]), Set.of("nonce"), differences);
        compareObject("JWT claims", jwt.needObject("claims").members(), decoded(segments[1]), Set.of(), differences);
        byte[] text = (segments[0] + "." + segments[1]).getBytes(StandardCharsets.US_ASCII);
        SignatureAlgorithm es256 =
                SignatureAlgorithm.ecdsa(io.intaglio.signing.key.Hash.SHA256, io.intaglio.signing.key.EcdsaForm.RAW);
        if (!key.verify(es256, text, Base64.getUrlDecoder().decode(segments[2]))) {
            differences.add("signature: does not verify with the public key given");
        }
    }

    private static @Nullable Object decoded(String segment) {
        return JsonReader.read(Base64.getUrlDecoder().decode(segment));
    }

    private static void compareObject(
            String stage, Map<?, ?> wanted, @Nullable Object seen, Set<String> onlyPresence, List<String> differences) {
        Map<Object, @Nullable Object> left = new LinkedHashMap<>(wanted);
        Map<Object, @Nullable Object> right = new LinkedHashMap<>(seen instanceof Map<?, ?> map ? map : Map.of());
        for (String name : onlyPresence) {
            if (left.containsKey(name) != right.containsKey(name)) {
                differences.add(stage + ": member " + name + " wanted " + left.containsKey(name));
            }
            left.remove(name);
            right.remove(name);
        }
        if (!Objects.equals(left, right)) {
            differences.add(stage + ": wanted " + left + ", got " + right);
        }
    }

    /** Venue and name. */
    @Override
    public String toString() {
        return venue + " " + name();
    }
}
