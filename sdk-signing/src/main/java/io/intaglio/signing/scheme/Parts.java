package io.intaglio.signing.scheme;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.SigningException;
import io.intaglio.signing.SigningScheme;
import io.intaglio.signing.internal.Codecs;
import io.intaglio.signing.internal.JsonReader;
import io.intaglio.signing.internal.JsonText;
import io.intaglio.signing.internal.Percent;
import io.intaglio.signing.key.Hash;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SignatureAlgorithm;
import io.intaglio.signing.key.SigningKey;
import io.intaglio.signing.secret.InsecureSecretAccess;
import io.intaglio.signing.secret.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The parts that signing schemes are made of. Made for static import. Everything here is immutable and thread-safe; text is UTF-8 and hex is
 * lower case unless the name says otherwise.
 */
public final class Parts {
    private static final String JWT = "JWT signing input";

    private static final DateTimeFormatter ISO_MILLIS = format("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'");
    private static final DateTimeFormatter ISO_MICROS = format("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'");
    private static final DateTimeFormatter ISO_SECONDS = format("yyyy-MM-dd'T'HH:mm:ss");
    private static final DateTimeFormatter FIX_MILLIS = format("yyyyMMdd-HH:mm:ss.SSS");

    private Parts() {}

    /** A part whose bytes an explanation must not show. */
    interface Masked extends Part {}

    /** The signature's own bytes, which an explanation only counts. */
    interface RawSignature extends Part {}

    /** A part that is text by nature: where it stands alone it needs no detour by way of bytes. */
    interface Text extends Part {
        String value(SigningInput input);

        @Override
        default void write(SigningInput input, ByteSink out) {
            out.text(value(input));
        }
    }

    private record Plain(String label, Function<SigningInput, String> text) implements Text {
        @Override
        public String value(SigningInput input) {
            return text.apply(input);
        }
    }

    private record Decimal(String label, int perSecond, ToLongFunction<SigningInput> number) implements Text, Legible {
        @Override
        public String value(SigningInput input) {
            return Long.toString(ByteSink.checkTime(number.applyAsLong(input)));
        }

        @Override
        public void write(SigningInput input, ByteSink out) {
            out.decimal(number.applyAsLong(input));
        }

        @Override
        public Said read(String text) {
            try {
                return new Said(units(text, perSecond), null, null);
            } catch (DateTimeException | ArithmeticException e) {
                throw new IllegalArgumentException(label + " cannot be read from this text", e);
            }
        }
    }

    /** A part whose bytes may stand somewhere already, so that they can be read there. */
    private interface View extends Part {
        /** A sink that holds this part's bytes and nothing else, which the caller must not change, or null when they must be written. */
        @Nullable
        ByteSink view(SigningInput input);
    }

    private record Encoding(String label, Function<SigningInput, ByteSink> sink) implements View {
        @Override
        public ByteSink view(SigningInput input) {
            return sink.apply(input);
        }

        @Override
        public void write(SigningInput input, ByteSink out) {
            out.append(view(input));
        }
    }

    private record Concatenation(List<Part> parts) implements View {
        @Override
        public String label() {
            return "concatenation";
        }

        @Override
        public @Nullable ByteSink view(SigningInput input) {
            ByteSink only = null;
            for (int i = 0; i < parts.size(); i++) {
                ByteSink next = Parts.view(parts.get(i), input);
                if (next == null || only != null && only.size() > 0 && next.size() > 0) {
                    return null;
                }
                only = only == null || only.size() == 0 ? next : only;
            }
            return only;
        }

        @Override
        public void write(SigningInput input, ByteSink out) {
            for (int i = 0; i < parts.size(); i++) {
                input.write(parts.get(i), out);
            }
        }
    }

    /** Where the part's bytes stand already, or null; see {@link View}. */
    static @Nullable ByteSink view(Part part, SigningInput input) {
        return part instanceof View view ? view.view(input) : null;
    }

    private record Named(String label, Part part) implements Part {
        @Override
        public void write(SigningInput input, ByteSink out) {
            part.write(input, out);
        }
    }

    /** What the text of a part tells about the moment, or that it is an attribute's value. */
    record Said(
            @Nullable Instant time,
            @Nullable String nonce,
            @Nullable String attribute) {}

    /** A part whose text can be read back. */
    interface Legible extends Part {
        /** Reads back; throws IllegalArgumentException when the part cannot have written this. */
        Said read(String text);
    }

    private record ReadablePart(String label, Part part, Function<String, Said> reader) implements Legible {
        @Override
        public void write(SigningInput input, ByteSink out) {
            part.write(input, out);
        }

        @Override
        public Said read(String text) {
            try {
                return reader.apply(text);
            } catch (DateTimeException | ArithmeticException e) {
                throw new IllegalArgumentException(label + " cannot be read from this text", e);
            }
        }
    }

    private static Part time(String label, Function<String, Instant> reader, Part part) {
        return new ReadablePart(label, part, text -> new Said(reader.apply(text), null, null));
    }

    private static Part readableAttribute(String name, Part part) {
        return new ReadablePart("attribute " + name, part, text -> new Said(null, null, name));
    }

    private static Instant units(String text, int perSecond) {
        long value = Long.parseLong(text);
        long nanos = Math.floorMod(value, (long) perSecond) * (1_000_000_000L / perSecond);
        return Instant.ofEpochSecond(Math.floorDiv(value, (long) perSecond), nanos);
    }

    private static DateTimeFormatter format(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
    }

    private static Part named(String label, Part part) {
        return new Named(label, part);
    }

    // ---- fixed text and the request

    /** A fixed text. */
    public static Part literal(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return named("literal", (input, out) -> out.write(bytes));
    }

    /** The method in upper case. */
    public static Part method() {
        return named("method", (input, out) -> out.text(input.request().method()));
    }

    /** The path of the request as it is sent, without the base URI's own path. */
    public static Part path() {
        return named("path", (input, out) -> out.text(input.request().path()));
    }

    /** The path of the request below the path of the base URI, when the request has one: the whole path on the wire. */
    public static Part fullPath() {
        return named("full path", (input, out) -> {
            out.text(input.request().baseUri().map(Parts::basePath).orElse(""));
            out.text(input.request().path());
        });
    }

    private static String basePath(URI base) {
        String path = Objects.requireNonNullElse(base.getRawPath(), "");
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /** The path after some change: a prefix removed, the last segment only. */
    public static Part path(UnaryOperator<String> change) {
        return named(
                "path, changed",
                (input, out) -> out.text(change.apply(input.request().path())));
    }

    /** The path with its percent escapes decoded. */
    public static Part decodedPath() {
        return named(
                "decoded path",
                (input, out) -> out.write(Percent.decode(input.request().path())));
    }

    /** The path without this prefix, whole when it does not begin so. */
    public static Part pathWithout(String prefix) {
        return path(path -> path.startsWith(prefix) ? path.substring(prefix.length()) : path);
    }

    /** The path's last segment, without the slash. */
    public static Part lastPathSegment() {
        return path(path -> path.substring(path.lastIndexOf('/') + 1));
    }

    /** Path, and {@code ?} and the query when there is one, as sent. */
    public static Part pathAndQuery() {
        return named("path and query", concat(path(), prefixed("?", query())));
    }

    /** The whole address with the query, as sent. */
    public static Part url() {
        return named("URL", concat(urlWithoutQuery(), prefixed("?", query())));
    }

    /** The whole address up to the path. */
    public static Part urlWithoutQuery() {
        return named("URL without query", (input, out) -> {
            URI base = input.baseUri();
            out.text(base.getScheme() + "://" + base.getRawAuthority());
            out.text(basePath(base));
            out.text(input.request().path());
        });
    }

    /** The host in lower case, with the port when the base URI has one. */
    public static Part host() {
        return named(
                "host",
                (input, out) -> out.text(input.baseUri().getRawAuthority().toLowerCase(Locale.ROOT)));
    }

    /** The query exactly as it is sent, without {@code ?}; empty when there is none. */
    public static Part query() {
        return new Encoding("query", SigningInput::encodedQuery);
    }

    /** The body exactly as it is sent; empty when there is none. */
    public static Part body() {
        return new Encoding("body", SigningInput::encodedBody);
    }

    /** The fields of the query, in any form other than the one in which they are sent. */
    public static Params queryFields() {
        return Params.of(Params.Source.QUERY);
    }

    /** The body's form fields, or the members of its JSON object, written as fields. */
    public static Params bodyFields() {
        return Params.of(Params.Source.BODY);
    }

    /** All fields, those of the query first. */
    public static Params allFields() {
        return Params.of(Params.Source.QUERY, Params.Source.BODY);
    }

    /** The elements of a list in the JSON body run together, or a single value as text; nothing when the member is absent. */
    public static Part memberList(String name) {
        return named("elements of member " + name, (input, out) -> {
            Object value = input.jsonMembers().get(name);
            for (Object element : value instanceof List<?> list ? list : value == null ? List.of() : List.of(value)) {
                out.text(JsonText.scalar(element));
            }
        });
    }

    /** A member of the JSON body as text, such as a field of a log-on; refuses to sign when it is absent. */
    public static Part member(String name) {
        return named("member " + name, (input, out) -> {
            Object value = input.jsonMembers().get(name);
            if (value == null) {
                throw new SigningException(
                        input.schemeName() + " signs field '" + name + "', but it is absent; add it before signing");
            }
            out.text(JsonText.scalar(value));
        });
    }

    /** The Content-Type that is sent, empty when none is. */
    public static Part contentType() {
        return named("content type", (input, out) -> out.text(input.contentType()));
    }

    /** The value of a header that the caller or an earlier stamp set; refuses to sign when it is absent. */
    public static Part headerValue(String name) {
        return named("header " + name, (input, out) -> out.text(input.header(name)));
    }

    /** A named attribute of the request; refuses to sign when it is absent. */
    public static Part attribute(String name) {
        return readableAttribute(name, (input, out) -> {
            String value = input.attribute(name);
            if (value == null) {
                throw new SigningException(input.schemeName() + " needs attribute '" + name + "' on " + input.request()
                        + "; add attribute(\"" + name + "\", ...)");
            }
            out.text(value);
        });
    }

    /** A named attribute of the request, or this text. */
    public static Part attribute(String name, String otherwise) {
        return readableAttribute(name, (input, out) -> {
            String value = input.attribute(name);
            out.text(value == null ? otherwise : value);
        });
    }

    // ---- credential

    /** The key id in full. */
    public static Part keyId() {
        return new Plain("key id", input -> input.credential().keyId());
    }

    /**
     * A named value of the credential: an account id, a passphrase. Secret ones are masked in explanations. Refuses to sign when it is absent.
     */
    public static Part credential(String name) {
        return new CredentialPart(name);
    }

    /** A named value of the credential that is not secret, or this text. */
    public static Part credential(String name, String otherwise) {
        return named(
                "credential " + name,
                (input, out) -> out.text(input.credential().attribute(name).orElse(otherwise)));
    }

    private record CredentialPart(String name) implements Masked, Text {
        @Override
        public String label() {
            return "credential " + name;
        }

        @Override
        public String value(SigningInput input) {
            String plain = input.credential().attribute(name).orElse(null);
            if (plain != null) {
                return plain;
            }
            Secret secret = input.credential()
                    .secret(name)
                    .orElseThrow(() -> new SigningException(input.schemeName() + " needs '" + name
                            + "' with credential " + input.credential().shortKeyId()
                            + "; add it with Credential.with(\"" + name + "\", ...)"));
            byte[] bytes = InsecureSecretAccess.copyBytes(secret);
            String text = new String(bytes, StandardCharsets.UTF_8);
            Arrays.fill(bytes, (byte) 0);
            return text;
        }
    }

    /** The raw public key: 32 bytes for Ed25519, the uncompressed point for EC. */
    public static Part publicKey() {
        return named(
                "public key",
                (input, out) -> out.write(
                        input.credential().key().orElseThrow(input::noKey).rawPublicKey()));
    }

    /** The public key as PEM text with line feeds (SubjectPublicKeyInfo, RFC 7468). */
    public static Part publicKeyPem() {
        return named("public key PEM", (input, out) -> {
            byte[] der = input.credential()
                    .key()
                    .flatMap(SigningKey::publicKey)
                    .map(PublicKey::getEncoded)
                    .orElseThrow(() -> new SigningException(input.schemeName()
                            + " sends the public key, but the key of credential "
                            + input.credential().shortKeyId() + " does not show one; use a key pair held in memory"));
            Base64.Encoder lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
            out.text("-----BEGIN PUBLIC KEY-----\n");
            out.write(lines.encode(der));
            out.text("\n-----END PUBLIC KEY-----\n");
        });
    }

    // ---- time and nonce

    /** UNIX time in whole seconds. */
    public static Part seconds() {
        return new Decimal("seconds", 1, input -> input.moment().timestamp().getEpochSecond());
    }

    /** UNIX time in whole seconds, later by the number of seconds that the attribute or else {@code seconds} says. */
    public static Part secondsFromNow(String attribute, int seconds) {
        return named("expiry in seconds", (input, out) -> {
            String given = input.attribute(attribute);
            long more = given == null ? seconds : wholeNumber(input, attribute, given);
            out.decimal(input.moment().timestamp().getEpochSecond() + more);
        });
    }

    private static long wholeNumber(SigningInput input, String attribute, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new SigningException(input.schemeName() + " reads attribute '" + attribute + "' as a whole number; '"
                    + text + "' is none");
        }
    }

    /**
     * UNIX time in seconds with milliseconds as its fraction, without zeros at its end but the first: {@code 1614556800.12},
     * {@code 1614556800.0}.
     */
    public static Part decimalSeconds() {
        return named("seconds with fraction", (input, out) -> {
            long millis = input.moment().timestamp().toEpochMilli();
            String fraction = Long.toString(millis % 1_000 + 1_000);
            out.decimal(millis / 1_000);
            out.write('.');
            out.text(fraction.substring(1, fraction.endsWith("00") ? 2 : fraction.endsWith("0") ? 3 : 4));
        });
    }

    /** UNIX time in milliseconds. */
    public static Part millis() {
        return new Decimal(
                "milliseconds", 1_000, input -> input.moment().timestamp().toEpochMilli());
    }

    /** UNIX time in milliseconds, later by so many. */
    public static Part millisFromNow(int more) {
        return named(
                "expiry in milliseconds",
                (input, out) ->
                        out.decimal(Math.addExact(input.moment().timestamp().toEpochMilli(), more)));
    }

    /** UNIX time in microseconds. */
    public static Part micros() {
        return new Decimal("microseconds", 1_000_000, input -> {
            Instant time = input.moment().timestamp();
            return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1_000);
        });
    }

    /** UNIX time in nanoseconds. */
    public static Part nanos() {
        return new Decimal("nanoseconds", 1_000_000_000, input -> {
            Instant time = input.moment().timestamp();
            return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
        });
    }

    /** UTC as {@code 2024-04-05T19:34:38.901Z}. */
    public static Part isoMillis() {
        return time(
                "ISO time, ms",
                Instant::parse,
                (input, out) -> out.text(ISO_MILLIS.format(input.moment().timestamp())));
    }

    /** UTC as {@code 2024-04-05T19:34:38.901234Z}. */
    public static Part isoMicros() {
        return time(
                "ISO time, us",
                Instant::parse,
                (input, out) -> out.text(ISO_MICROS.format(input.moment().timestamp())));
    }

    /** UTC as {@code 2024-04-05T19:34:38}, without zone. */
    public static Part isoSeconds() {
        return time(
                "ISO time, s",
                text -> Instant.parse(text + "Z"),
                (input, out) -> out.text(ISO_SECONDS.format(input.moment().timestamp())));
    }

    /** UTC as FIX writes it: {@code 20240405-19:34:38.901}. */
    public static Part fixMillis() {
        return named(
                "FIX time",
                (input, out) -> out.text(FIX_MILLIS.format(input.moment().timestamp())));
    }

    /** The nonce of the moment; refuses to sign when it has none. */
    public static Part nonce() {
        return new ReadablePart("nonce", (input, out) -> out.text(input.nonce()), text -> new Said(null, text, null));
    }

    /** The nonce of the moment, or this part when it has none: for venues that take any unique text. */
    public static Part nonce(Part otherwise) {
        Part given = nonce();
        return new Either(input -> input.moment().nonce().isPresent(), given, otherwise);
    }

    // ---- combining

    /** Parts with nothing between them. */
    public static Part concat(Part... parts) {
        return new Concatenation(List.of(parts));
    }

    /** Parts with a separator between them. */
    public static Part join(String separator, Part... parts) {
        Part[] copy = parts.clone();
        return named("joined by " + visible(separator), (input, out) -> {
            for (int i = 0; i < copy.length; i++) {
                if (i > 0) {
                    out.text(separator);
                }
                input.write(copy[i], out);
            }
        });
    }

    /** Parts with a separator between those that are not empty. */
    public static Part joinNonEmpty(String separator, Part... parts) {
        Part[] copy = parts.clone();
        return named("non-empty joined by " + visible(separator), (input, out) -> {
            int start = out.size();
            for (Part part : copy) {
                int before = out.size();
                if (before > start) {
                    out.text(separator);
                }
                int begin = out.size();
                input.write(part, out);
                if (out.size() == begin) {
                    out.truncate(before);
                }
            }
        });
    }

    /** Parts with a line feed between them, none at the end. */
    public static Part lines(Part... parts) {
        return join("\n", parts);
    }

    /** A prefix and a part; nothing at all when the part is empty. */
    public static Part prefixed(String prefix, Part part) {
        return named("after " + visible(prefix), (input, out) -> {
            int start = out.size();
            out.text(prefix);
            int begin = out.size();
            input.write(part, out);
            if (out.size() == begin) {
                out.truncate(start);
            }
        });
    }

    /** A part on matching requests, nothing on others. */
    public static Part when(Predicate<ApiRequest> condition, Part part) {
        return when(condition, part, named("nothing", (input, out) -> {}));
    }

    /** One part on matching requests, another on the rest. */
    public static Part when(Predicate<ApiRequest> condition, Part then, Part otherwise) {
        return new Either(input -> condition.test(input.request()), then, otherwise);
    }

    /** One part when the credential's key is of this kind, another when it is not. */
    public static Part whenKey(KeyKind kind, Part then, Part otherwise) {
        return new Either(input -> input.keyKind() == kind, then, otherwise);
    }

    private record Either(Predicate<SigningInput> condition, Part then, Part otherwise) implements Part {
        @Override
        public String label() {
            return "either";
        }

        @Override
        public void write(SigningInput input, ByteSink out) {
            input.write(chosen(input), out);
        }

        Part chosen(SigningInput input) {
            return condition.test(input) ? then : otherwise;
        }
    }

    private static String visible(String separator) {
        return "'" + separator.replace("\n", "\\n").replace("\u0000", "\\0").replace("\u0001", "\\x01") + "'";
    }

    // ---- hashing and encoding

    /** The raw hash of these parts with nothing between them. */
    public static Part hash(Hash hash, Part... parts) {
        Part inner = one(parts);
        return named(hash.name(), (input, out) -> {
            ByteSink text = new ByteSink(256);
            input.write(inner, text);
            out.write(hash.digest(text.array(), 0, text.size()));
        });
    }

    /** The raw SHA-256 of these parts. */
    public static Part sha256(Part... parts) {
        return hash(Hash.SHA256, parts);
    }

    /** The raw SHA-512 of these parts. */
    public static Part sha512(Part... parts) {
        return hash(Hash.SHA512, parts);
    }

    /** Lower-case hex of these parts' bytes. */
    public static Part hex(Part... parts) {
        return new Encoded("hex", true, one(parts), (data, length, out) -> hex(data, length, out, false));
    }

    /** Upper-case hex of these parts' bytes. */
    public static Part hexUpper(Part... parts) {
        return new Encoded("HEX", true, one(parts), (data, length, out) -> hex(data, length, out, true));
    }

    private static void hex(byte[] data, int length, ByteSink out, boolean upper) {
        int start = out.reserve(length * 2);
        Codecs.hex(data, 0, length, out.array(), start, upper);
        out.advance(length * 2);
    }

    /** Standard Base64 with padding. */
    public static Part base64(Part... parts) {
        return new Encoded("base64", false, one(parts), (data, length, out) -> {
            int start = out.reserve((length + 2) / 3 * 4);
            Codecs.base64(data, 0, length, out.array(), start);
            out.advance((length + 2) / 3 * 4);
        });
    }

    /** URL-safe Base64 without padding. */
    public static Part base64Url(Part... parts) {
        return new Encoded(
                "base64url",
                false,
                one(parts),
                (data, length, out) ->
                        out.write(Base64.getUrlEncoder().withoutPadding().encode(exact(data, length))));
    }

    /** URL-safe Base64 with padding. */
    public static Part base64UrlPadded(Part... parts) {
        return new Encoded(
                "base64url, padded",
                false,
                one(parts),
                (data, length, out) -> out.write(Base64.getUrlEncoder().encode(exact(data, length))));
    }

    /** Base58 with Bitcoin's alphabet. */
    public static Part base58(Part... parts) {
        return new Encoded(
                "base58", false, one(parts), (data, length, out) -> out.write(Codecs.base58(exact(data, length))));
    }

    /** Lower-case Base32 with padding. */
    public static Part base32(Part... parts) {
        return new Encoded(
                "base32", false, one(parts), (data, length, out) -> out.write(Codecs.base32(exact(data, length))));
    }

    /** Percent-encoded text. */
    public static Part percentEncoded(UrlEncoding encoding, Part... parts) {
        return new Encoded(
                "percent-encoded",
                false,
                one(parts),
                (data, length, out) -> encoding.write(new String(data, 0, length, StandardCharsets.UTF_8), out));
    }

    private static byte[] exact(byte[] data, int length) {
        return data.length == length ? data : Arrays.copyOf(data, length);
    }

    private static Part one(Part... parts) {
        return parts.length == 1 ? parts[0] : concat(parts);
    }

    /** Writes the encoded form of the first bytes of an array. */
    interface Encoder {
        void encode(byte[] data, int length, ByteSink out);
    }

    /**
     * An encoding; remembers the text of the signature when that, and nothing else, is what it encodes.
     *
     * @param alphanumeric whether letters and digits are all that it gives, which every URL encoding leaves as they are
     */
    record Encoded(String label, boolean alphanumeric, Part inner, Encoder encoder) implements Part {
        @Override
        public void write(SigningInput input, ByteSink out) {
            if (inner instanceof RawSignature && input.trace() == null) {
                byte[] signature = input.signature();
                int length = input.signatureLength();
                encoder.encode(signature, length, out);
                input.signatureText(() -> textOf(signature, length));
                return;
            }
            ByteSink data = new ByteSink(128);
            input.write(inner, data);
            int start = out.size();
            encoder.encode(data.array(), data.size(), out);
            if (isSignature(inner)) {
                String text = out.textFrom(start);
                input.signatureText(() -> text);
            }
        }

        String textOf(byte[] signature, int length) {
            ByteSink out = new ByteSink(length * 2);
            encoder.encode(signature, length, out);
            return out.textFrom(0);
        }
    }

    private static boolean isSignature(Part part) {
        return part instanceof RawSignature || part instanceof Encoded encoded && isSignature(encoded.inner);
    }

    /** The part itself, or what it stands for, when that is an encoded signature, which reads neither query nor body; else null. */
    static @Nullable Encoded signatureText(Part part, SigningInput input) {
        Part chosen = part instanceof Either either ? either.chosen(input) : part;
        return chosen instanceof Encoded encoded && encoded.inner instanceof RawSignature ? encoded : null;
    }

    // ---- signature

    /** The signature's raw bytes; only in attach. */
    public static Part signature() {
        return new Signature();
    }

    private record Signature() implements RawSignature {
        @Override
        public String label() {
            return "signature";
        }

        @Override
        public void write(SigningInput input, ByteSink out) {
            out.write(input.signature(), 0, input.signatureLength());
        }
    }

    /** The bytes that were signed; only in attach. */
    public static Part preHash() {
        return named("pre-hash", (input, out) -> out.write(input.preHash().array(), 0, input.preHashLength()));
    }

    /** A second signature of the credential's key, over these parts, by the same algorithm. Raw bytes. */
    public static Part signed(Part... parts) {
        Part inner = one(parts);
        return new Masked() {
            @Override
            public String label() {
                return "second signature";
            }

            @Override
            public void write(SigningInput input, ByteSink out) {
                ByteSink text = new ByteSink(128);
                input.write(inner, text);
                SignatureAlgorithm algorithm = Objects.requireNonNull(input.algorithm());
                SigningKey key = input.credential().key().orElseThrow(input::noKey);
                out.write(key.sign(algorithm, text.array(), 0, text.size()));
            }
        };
    }

    /**
     * The value of a header that another scheme sets for the same request at the same moment, where a call carries the signatures of two
     * keys. Explanations do not show it.
     *
     * @param second signs the request as the caller gave it, with a key that it finds in the credential
     */
    public static Part headerOf(SigningScheme second, String header) {
        return new Masked() {
            @Override
            public String label() {
                return "header " + header + " of a second key";
            }

            @Override
            public void write(SigningInput input, ByteSink out) {
                out.text(second.sign(input.request(), input.credential(), input.moment())
                        .header(header)
                        .orElseThrow(() -> new SigningException("the scheme of the second key sets no " + header)));
            }
        };
    }

    // ---- JSON

    /**
     * Names and values of the JSON body run together, names sorted at every level, list elements in order, null as {@code null}.
     *
     * @param maxDepth levels of nesting that are taken apart; what lies deeper is written as it prints
     */
    public static Part sortedConcatenation(int maxDepth) {
        return named("sorted concatenation", (input, out) -> concatenate(input.jsonMembers(), maxDepth, out));
    }

    private static void concatenate(@Nullable Object value, int depth, ByteSink out) {
        if (value instanceof Map<?, ?> map && depth > 0) {
            for (Map.Entry<?, ?> member : new TreeMap<>(map).entrySet()) {
                out.text(String.valueOf(member.getKey()));
                concatenate(member.getValue(), depth - 1, out);
            }
        } else if (value instanceof List<?> list && depth > 0) {
            for (Object element : list) {
                concatenate(element, depth, out);
            }
        } else {
            out.text(JsonText.scalar(value));
        }
    }

    /** The JSON value in the body, compact, as it stands with its stamps. */
    public static Part jsonBody() {
        return named("JSON body", (input, out) -> out.json(input.jsonValue()));
    }

    /**
     * The JSON value in the body, compact, with the members of every object sorted by name (UTF-16 order), numbers as they are sent. A body
     * that is text is read as JSON; refuses to sign when it is none.
     */
    public static Part sortedJsonBody() {
        return named("sorted JSON body", (input, out) -> {
            Object value = input.jsonValue();
            out.json(sorted(
                    value != null ? value : JsonReader.read(input.encodedBody().toByteArray())));
        });
    }

    private static @Nullable Object sorted(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> members = new TreeMap<>();
            map.forEach((name, member) -> members.put((String) name, sorted(member)));
            return members;
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> elements = new ArrayList<>(list.size());
            list.forEach(element -> elements.add(sorted(element)));
            return elements;
        }
        return value;
    }

    /** A compact JSON object made of these members, in this order. */
    public static Part json(Member... members) {
        return new JsonObject(members);
    }

    /** The two first segments of a JWT (RFC 7515): base64url of header, a dot, base64url of claims. Sign it and attach it with the signature. */
    public static Part jwt(Part header, Part claims) {
        return named(JWT, join(".", base64Url(header), base64Url(claims)));
    }

    static boolean isOfTheCredential(Part part) {
        return part.label().equals(keyId().label()) || part instanceof CredentialPart;
    }

    static boolean isJwt(Part part) {
        return part.label().equals(JWT);
    }
}
