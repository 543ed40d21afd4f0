package io.intaglio.signing.standard;

import io.intaglio.signing.Access;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Explanation;
import io.intaglio.signing.Field;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SignedRequest;
import io.intaglio.signing.SigningException;
import io.intaglio.signing.SigningScheme;
import io.intaglio.signing.internal.Codecs;
import io.intaglio.signing.internal.Percent;
import io.intaglio.signing.internal.TextBytes;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SecretForm;
import io.intaglio.signing.key.SignatureAlgorithm;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.scheme.Scheme;
import io.intaglio.signing.secret.InsecureSecretAccess;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * AWS Signature Version 4 (<a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html">AWS IAM user guide</a>), in the
 * {@code Authorization} header or in the query. Immutable and thread-safe.
 *
 * <pre>{@code
 * SigningScheme scheme = AwsSigV4.of("us-east-1", "execute-api");
 * Credential role = Credential.hmac("AKIA...", secret).with("session-token", token);
 * SignedRequest signed = scheme.sign(request.baseUri(origin), role, Moment.at(now));
 * }</pre>
 *
 * The credential's key is the secret access key as text. A secret named {@code session-token} becomes {@code X-Amz-Security-Token}. The
 * request needs a base URI, whose host is signed; all headers of the request are signed but those that proxies change. Requests that name
 * {@link Access#PUBLIC} are sent unsigned.
 */
public final class AwsSigV4 implements SigningScheme {
    private static final String NAME = "AWS Signature Version 4";
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final String TOKEN = "session-token";
    private static final SignatureAlgorithm FIRST = SignatureAlgorithm.hmac(Hash.SHA256, SecretForm.AWS4_TEXT);
    private static final Scheme ENCODER = Scheme.named(NAME).build();
    private static final boolean[] PLAIN = Percent.unreserved("");
    private static final Duration LONGEST = Duration.ofDays(7);
    private static final Set<String> UNSIGNED = Set.of(
            "authorization",
            "connection",
            "expect",
            "te",
            "transfer-encoding",
            "upgrade",
            "user-agent",
            "x-amzn-trace-id");

    private final String region;
    private final String service;
    private final boolean normalisesPath;
    private final boolean encodesPathAgain;
    private final boolean sendsContentHash;
    private final boolean signsToken;
    /** What the key is derived by, after the day. */
    private final List<byte[]> derivation;

    /** The canonical request and the names of its headers. */
    record Canonical(TextBytes text, String signedHeaders) {
        String request() {
            return new String(text.array(), 0, text.size(), StandardCharsets.UTF_8);
        }
    }

    private AwsSigV4(
            String region,
            String service,
            boolean normalisesPath,
            boolean encodesPathAgain,
            boolean sendsContentHash,
            boolean signsToken) {
        this.region = scopePart(region, "region");
        this.service = scopePart(service, "service");
        this.normalisesPath = normalisesPath;
        this.encodesPathAgain = encodesPathAgain;
        this.sendsContentHash = sendsContentHash;
        this.signsToken = signsToken;
        this.derivation = List.of(ascii(region), ascii(service), ascii("aws4_request"));
    }

    /**
     * The rules of all services but S3: the path is normalised and percent-encoded once more.
     *
     * @throws IllegalArgumentException when a name is empty or holds a blank or slash
     */
    public static AwsSigV4 of(String region, String service) {
        return new AwsSigV4(region, service, true, true, false, true);
    }

    /** The rules of S3: the path is signed as it is sent, and the content's hash is sent. */
    public static AwsSigV4 s3(String region) {
        return new AwsSigV4(region, "s3", false, false, true, true);
    }

    private static String scopePart(String name, String what) {
        if (name.isEmpty() || !name.chars().allMatch(c -> c > 32 && c < 127 && c != '/' && c != ',')) {
            throw new IllegalArgumentException(what + " must be a name such as us-east-1 or execute-api");
        }
        return name;
    }

    /** The same, but dot segments and repeated slashes of the path are signed as they are. */
    public AwsSigV4 withPathAsItIs() {
        return new AwsSigV4(region, service, false, encodesPathAgain, sendsContentHash, signsToken);
    }

    /** The same, but with the content's hash in {@code X-Amz-Content-Sha256}. */
    public AwsSigV4 withContentHash() {
        return new AwsSigV4(region, service, normalisesPath, encodesPathAgain, true, signsToken);
    }

    /** The same, but the session token is added after signing, as a few services want it. */
    public AwsSigV4 withTokenUnsigned() {
        return new AwsSigV4(region, service, normalisesPath, encodesPathAgain, sendsContentHash, false);
    }

    @Override
    public String family() {
        return "signed headers";
    }

    @Override
    public Set<SignatureAlgorithm> algorithms() {
        return Set.of(FIRST);
    }

    @Override
    public SignedRequest sign(ApiRequest request, Credential credential, Moment moment) {
        SignedRequest plain = ENCODER.sign(request, credential, moment);
        return isPublic(request) ? plain : sign(plain, credential, moment);
    }

    SignedRequest sign(SignedRequest plain, Credential credential, Moment moment) {
        SigningKey key = key(plain, credential);
        String time = time(moment);
        String scope = scope(time);
        String hash = Codecs.hex(plain.bodyHash(Hash.SHA256));
        List<Field> sent = new ArrayList<>(plain.headers().size() + 4);
        sent.addAll(plain.headers());
        add(sent, "X-Amz-Date", time);
        if (sendsContentHash) {
            add(sent, "x-amz-content-sha256", hash);
        }
        if (signsToken) {
            addToken(sent, credential);
        }
        Canonical canonical = canonical(plain.method(), plain.target(), withHost(sent, plain), hash);
        byte[] text = stringToSign(canonical, time, scope);
        String signature = signature(key, time, text);
        if (!signsToken) {
            addToken(sent, credential);
        }
        add(
                sent,
                "Authorization",
                ALGORITHM + " Credential=" + credential.keyId() + "/" + scope + ", SignedHeaders="
                        + canonical.signedHeaders() + ", Signature=" + signature);
        return plain.signedAs(plain.target(), Collections.unmodifiableList(sent), text, text.length, () -> signature);
    }

    /**
     * Signs in the query, so that whoever has the address may send the request until it expires. The content is signed with the rest.
     *
     * @param validity from one second to seven days
     * @throws SigningException when a value is absent or the key does not fit
     * @throws IllegalArgumentException when the validity is out of range
     */
    public SignedRequest presign(ApiRequest request, Credential credential, Moment moment, Duration validity) {
        return presign(ENCODER.sign(request, credential, moment), credential, moment, validity);
    }

    SignedRequest presign(SignedRequest plain, Credential credential, Moment moment, Duration validity) {
        if (validity.compareTo(Duration.ofSeconds(1)) < 0 || validity.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("validity must be from one second to seven days, was " + validity);
        }
        SigningKey key = key(plain, credential);
        String time = time(moment);
        String scope = scope(time);
        String hash = Codecs.hex(plain.bodyHash(Hash.SHA256));
        List<Field> sent = plain.headers();
        List<Field> headers = withHost(sent, plain);
        StringBuilder target = new StringBuilder(plain.target());
        append(target, "X-Amz-Algorithm", ALGORITHM);
        append(target, "X-Amz-Credential", credential.keyId() + "/" + scope);
        append(target, "X-Amz-Date", time);
        append(target, "X-Amz-SignedHeaders", canonical("", "/", headers, "").signedHeaders());
        append(target, "X-Amz-Expires", Long.toString(validity.toSeconds()));
        String token = token(credential);
        if (signsToken && !token.isEmpty()) {
            append(target, "X-Amz-Security-Token", token);
        }
        Canonical canonical = canonical(plain.method(), target.toString(), headers, hash);
        byte[] text = stringToSign(canonical, time, scope);
        String signature = signature(key, time, text);
        if (!signsToken && !token.isEmpty()) {
            append(target, "X-Amz-Security-Token", token);
        }
        append(target, "X-Amz-Signature", signature);
        return plain.signedAs(target.toString(), sent, text, text.length, () -> signature);
    }

    @Override
    public Explanation explain(ApiRequest request, Credential credential, Moment moment) {
        SignedRequest signed = sign(request, credential, moment);
        List<Explanation.Step> steps = new ArrayList<>();
        if (signed.isSigned()) {
            step(steps, Explanation.Phase.STAMP, "time", "X-Amz-Date", signed);
            step(steps, Explanation.Phase.STAMP, "SHA-256 of the body in hex", "x-amz-content-sha256", signed);
            step(steps, Explanation.Phase.STAMP, "secret " + TOKEN, "X-Amz-Security-Token", signed);
            step(steps, Explanation.Phase.ATTACH, "scope, signed headers and signature", "Authorization", signed);
        }
        return Explanation.of(
                NAME, signed.isSigned() ? ALGORITHM : "", steps, Explanation.show(signed.preHash()), signed.toString());
    }

    /** One header, if it was set; the two that authenticate are not shown. */
    private static void step(
            List<Explanation.Step> steps, Explanation.Phase phase, String part, String header, SignedRequest signed) {
        boolean authenticates = phase == Explanation.Phase.ATTACH || header.equals("X-Amz-Security-Token");
        signed.header(header)
                .ifPresent(value -> steps.add(new Explanation.Step(
                        phase,
                        0,
                        part,
                        "header " + header,
                        authenticates ? "[masked, " + value.length() + " bytes]" : value)));
    }

    // ---- canonical request

    Canonical canonical(String method, String target, List<Field> headers, String contentHash) {
        int mark = target.indexOf('?');
        TextBytes out = new TextBytes(512).text(method).mark('\n');
        out.text(path(mark < 0 ? target : target.substring(0, mark))).mark('\n');
        out.text(query(mark < 0 ? "" : target.substring(mark + 1)));
        StringBuilder names = new StringBuilder(96);
        String last = "";
        for (Field header : sortedForSigning(headers)) {
            boolean again = header.name().equals(last);
            if (again) {
                out.mark(',');
            } else {
                out.mark('\n').text(header.name()).mark(':');
                names.append(last.isEmpty() ? "" : ";").append(header.name());
                last = header.name();
            }
            out.text(squeezed(header.value()));
        }
        String signedHeaders = names.toString();
        out.text("\n\n").text(signedHeaders).mark('\n').text(contentHash);
        return new Canonical(out, signedHeaders);
    }

    /** The headers that are signed, with names in lower case and in their order; lines of one name stay in theirs. */
    private static List<Field> sortedForSigning(List<Field> headers) {
        List<Field> sorted = new ArrayList<>(headers.size());
        for (int i = 0; i < headers.size(); i++) {
            Field header = headers.get(i);
            String name = header.name().toLowerCase(Locale.ROOT);
            if (!UNSIGNED.contains(name)) {
                int at = sorted.size();
                while (at > 0 && sorted.get(at - 1).name().compareTo(name) > 0) {
                    at--;
                }
                sorted.add(at, new Field(name, header.value()));
            }
        }
        return sorted;
    }

    private String path(String path) {
        String normal = normalisesPath ? normalised(path) : path;
        return encodesPathAgain ? encoded(normal, true) : normal;
    }

    /** Without dot segments and repeated slashes (RFC 3986 section 6, and one more rule of AWS). */
    private static String normalised(String path) {
        if (!path.contains("//") && !path.contains("/.")) {
            return path.isEmpty() ? "/" : path;
        }
        Deque<String> segments = new ArrayDeque<>();
        String last = "";
        for (String segment : path.split("/", -1)) {
            last = segment;
            if (segment.equals("..")) {
                segments.pollLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.addLast(segment);
            }
        }
        String joined = "/" + String.join("/", segments);
        boolean folder = last.isEmpty() || last.equals(".") || last.equals("..");
        return folder && joined.length() > 1 ? joined + "/" : joined;
    }

    private static String query(String query) {
        if (query.isEmpty()) {
            return "";
        }
        List<Field> fields = new ArrayList<>();
        for (String field : query.split("&", -1)) {
            int equals = field.indexOf('=');
            String name = equals < 0 ? field : field.substring(0, equals);
            String value = equals < 0 ? "" : field.substring(equals + 1);
            if (!field.isEmpty()) {
                fields.add(new Field(again(name), again(value)));
            }
        }
        fields.sort(Comparator.comparing(Field::name).thenComparing(Field::value));
        StringBuilder out = new StringBuilder(query.length() + 8);
        for (Field field : fields) {
            out.append(out.length() > 0 ? "&" : "")
                    .append(field.name())
                    .append('=')
                    .append(field.value());
        }
        return out.toString();
    }

    private static String again(String encoded) {
        return encoded(new String(Percent.decode(encoded), StandardCharsets.UTF_8), false);
    }

    private static boolean isPlain(String text, boolean keepsSlash) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 128 || !PLAIN[c] && !(c == '/' && keepsSlash)) {
                return false;
            }
        }
        return true;
    }

    private static String encoded(String text, boolean keepsSlash) {
        if (isPlain(text, keepsSlash)) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            int c = b & 255;
            if (c < 128 && PLAIN[c] || c == '/' && keepsSlash) {
                out.append((char) c);
            } else {
                out.append('%').append((char) Percent.digit(c >> 4)).append((char) Percent.digit(c & 15));
            }
        }
        return out.toString();
    }

    /** Without blanks around it, and runs of blanks as one. */
    private static String squeezed(String value) {
        boolean afterBlank = true;
        boolean done = true;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            done &= c > ' ' || c == ' ' && !afterBlank;
            afterBlank = c == ' ';
        }
        return done && !afterBlank ? value : withFewerBlanks(value);
    }

    private static String withFewerBlanks(String value) {
        StringBuilder out = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
            if (!blank) {
                out.append(c);
            } else if (out.length() > 0 && out.charAt(out.length() - 1) != ' ') {
                out.append(' ');
            }
        }
        int end = out.length();
        return end > 0 && out.charAt(end - 1) == ' ' ? out.substring(0, end - 1) : out.toString();
    }

    // ---- signature

    private static byte[] stringToSign(Canonical canonical, String time, String scope) {
        byte[] hash =
                Hash.SHA256.digest(canonical.text().array(), 0, canonical.text().size());
        int length = ALGORITHM.length() + time.length() + scope.length() + 2 * hash.length + 3;
        return new TextBytes(length)
                .text(ALGORITHM)
                .mark('\n')
                .text(time)
                .mark('\n')
                .text(scope)
                .mark('\n')
                .hex(hash)
                .array();
    }

    private String scope(String time) {
        return time.substring(0, 8) + "/" + region + "/" + service + "/aws4_request";
    }

    private String signature(SigningKey key, String time, byte[] text) {
        byte[] block = new byte[Hash.SHA256.blockLength()];
        MessageDigest digest = Hash.SHA256.newDigest();
        byte[] derived = new byte[Hash.SHA256.length()];
        try {
            key.signInto(FIRST, ascii(time.substring(0, 8)), 0, 8, derived, 0);
            for (int i = 0; i < derivation.size(); i++) {
                hmac(digest, block, derived, derivation.get(i));
            }
            hmac(digest, block, derived, text);
            return Codecs.hex(derived);
        } catch (DigestException e) {
            throw new IllegalStateException("SHA-256 failed in the JDK's digest", e);
        } finally {
            Arrays.fill(block, (byte) 0);
            Arrays.fill(derived, (byte) 0);
        }
    }

    /**
     * HMAC-SHA256 (RFC 2104) with a key of 32 bytes, which the result replaces.
     *
     * @param block room for the masked key
     */
    private static void hmac(MessageDigest digest, byte[] block, byte[] key, byte[] data) throws DigestException {
        Arrays.fill(block, (byte) 0);
        System.arraycopy(key, 0, block, 0, key.length);
        mask(block, 0x36);
        digest.update(block);
        digest.update(data);
        digest.digest(key, 0, key.length);
        mask(block, 0x36 ^ 0x5c);
        digest.update(block);
        digest.update(key);
        digest.digest(key, 0, key.length);
    }

    private static void mask(byte[] block, int mask) {
        for (int i = 0; i < block.length; i++) {
            block[i] = (byte) (block[i] ^ mask);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    // ---- request

    private static boolean isPublic(ApiRequest request) {
        Access access = request.access().orElse(Access.SIGNED);
        if (access == Access.KEY_ONLY) {
            throw new SigningException(
                    NAME + " has no key-only form, but " + request + " asks for it; sign it or send it as public");
        }
        return access == Access.PUBLIC;
    }

    private static SigningKey key(SignedRequest plain, Credential credential) {
        SigningKey key = credential
                .key()
                .orElseThrow(() -> new SigningException(NAME + " signs " + plain + ", but credential "
                        + credential.shortKeyId() + " has no secret access key; give it one"));
        if (key.kind() != KeyKind.SECRET) {
            throw new SigningException(NAME + " needs " + KeyKind.SECRET + ", but credential " + credential.shortKeyId()
                    + " holds " + key.kind() + "; give it the secret access key that belongs to its access key id");
        }
        return key;
    }

    private static String time(Moment moment) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(moment.timestamp().getEpochSecond(), 0, ZoneOffset.UTC);
        StringBuilder out = new StringBuilder(16);
        out.append(time.getYear());
        two(time.getMonthValue(), out);
        two(time.getDayOfMonth(), out);
        out.append('T');
        two(time.getHour(), out);
        two(time.getMinute(), out);
        two(time.getSecond(), out);
        return out.append('Z').toString();
    }

    private static void two(int number, StringBuilder out) {
        out.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    private static void add(List<Field> headers, String name, String value) {
        for (Field header : headers) {
            if (header.name().equalsIgnoreCase(name)) {
                throw new SigningException("header " + name + " is set by " + NAME + "; remove it from the request");
            }
        }
        headers.add(new Field(name, value));
    }

    private static void addToken(List<Field> headers, Credential credential) {
        String token = token(credential);
        if (!token.isEmpty()) {
            add(headers, "X-Amz-Security-Token", token);
        }
    }

    /** The session token, which is sent as it is, or the empty text. */
    private static String token(Credential credential) {
        return credential
                .secret(TOKEN)
                .map(secret -> InsecureSecretAccess.use(secret, bytes -> new String(bytes, StandardCharsets.US_ASCII)))
                .orElse("");
    }

    private static List<Field> withHost(List<Field> headers, SignedRequest plain) {
        for (Field header : headers) {
            if (header.name().equalsIgnoreCase("Host")) {
                return headers;
            }
        }
        URI base = plain.baseUri()
                .orElseThrow(() -> new SigningException(
                        NAME + " signs the host, but " + plain + " has no base URI; set it with baseUri(...)"));
        int ownPort = "https".equals(base.getScheme()) ? 443 : 80;
        boolean bare = base.getPort() < 0 || base.getPort() == ownPort;
        List<Field> more = new ArrayList<>(headers.size() + 1);
        more.addAll(headers);
        more.add(new Field("Host", bare ? base.getHost() : base.getHost() + ":" + base.getPort()));
        return more;
    }

    private static void append(StringBuilder target, String name, String value) {
        target.append(target.indexOf("?") < 0 ? '?' : '&');
        target.append(name).append('=').append(encoded(value, false));
    }

    /** Region and service. */
    @Override
    public String toString() {
        return "AwsSigV4[" + region + ", " + service + "]";
    }
}
