package io.intaglio.signing;

import io.intaglio.signing.internal.JsonText;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the caller wants to ask a venue, before anything is encoded: method, path, ordered query fields, headers, body, and what the client
 * should know about the call (client order id, priority, time limit). Immutable and thread-safe; every method returns a new request.
 *
 * <pre>{@code
 * ApiRequest order = ApiRequest.post("/api/v3/order")
 *         .form("symbol", "BTCUSDT").form("side", "BUY").form("type", "LIMIT")
 *         .form("quantity", new BigDecimal("0.01")).form("price", new BigDecimal("37500.10"))
 *         .clientOrderId("desk-7-000042");
 * }</pre>
 *
 * Amounts are {@link BigDecimal} or text and go out as plain decimals; no method takes a {@code double}.
 */
public final class ApiRequest {
    private final String method;
    private final String path;
    private final List<Field> query;
    private final List<Field> headers;
    private final Body body;
    private final Map<String, String> attributes;
    private final @Nullable URI baseUri;
    private final @Nullable String clientOrderId;
    private final @Nullable Priority priority;
    private final @Nullable Duration timeLimit;
    private final @Nullable Access access;

    private ApiRequest(Draft draft) {
        this.method = draft.method;
        this.path = draft.path;
        this.query = draft.query;
        this.headers = draft.headers;
        this.body = draft.body;
        this.attributes = draft.attributes;
        this.baseUri = draft.baseUri;
        this.clientOrderId = draft.clientOrderId;
        this.priority = draft.priority;
        this.timeLimit = draft.timeLimit;
        this.access = draft.access;
    }

    /** A GET of {@code path}; see {@link #of} for what a path may hold. */
    public static ApiRequest get(String path) {
        return of("GET", path);
    }

    /** A POST to {@code path}; see {@link #of} for what a path may hold. */
    public static ApiRequest post(String path) {
        return of("POST", path);
    }

    /** A PUT to {@code path}; see {@link #of} for what a path may hold. */
    public static ApiRequest put(String path) {
        return of("PUT", path);
    }

    /** A DELETE of {@code path}; see {@link #of} for what a path may hold. */
    public static ApiRequest delete(String path) {
        return of("DELETE", path);
    }

    /**
     * A request with any method.
     *
     * @param method an HTTP token, sent in upper case
     * @param path starts with {@code /}, already percent-encoded where that is needed, without query and fragment; it is sent as it is
     * @throws IllegalArgumentException when the path could not be sent unchanged: other characters than RFC 3986 allows in a path, a broken
     *     percent escape, a dot segment, or a {@code ?} or {@code #}
     */
    public static ApiRequest of(String method, String path) {
        return new ApiRequest(new Draft(checkedMethod(method), checkedPath(path)));
    }

    /** Adds a query field after those already there. The value is plain text; the scheme encodes it. */
    public ApiRequest query(String name, String value) {
        Draft draft = new Draft(this);
        draft.query = append(query, field(name, value));
        return new ApiRequest(draft);
    }

    /** Adds a query field with an exact number, written as a plain decimal. */
    public ApiRequest query(String name, BigDecimal value) {
        return query(name, value.toPlainString());
    }

    /** Adds a query field with an integer. */
    public ApiRequest query(String name, long value) {
        return query(name, Long.toString(value));
    }

    /**
     * Adds a form field after those already there; the body becomes a form.
     *
     * @throws IllegalArgumentException when the request already has a body of another kind
     */
    public ApiRequest form(String name, String value) {
        Field field = field(name, value);
        if (body instanceof Body.Form form) {
            return body(form.and(field));
        }
        if (body instanceof Body.None) {
            return body(new Body.Form(List.of(field)));
        }
        throw new IllegalArgumentException(
                this + " already has a " + kindOf(body) + " body; form field '" + name + "' does not fit");
    }

    /** Adds a form field with an exact number, written as a plain decimal. */
    public ApiRequest form(String name, BigDecimal value) {
        return form(name, value.toPlainString());
    }

    /** Adds a form field with an integer. */
    public ApiRequest form(String name, long value) {
        return form(name, Long.toString(value));
    }

    /**
     * Adds a member to the JSON object in the body, after those already there; a member of that name is replaced in its place.
     *
     * @param value anything {@link Body#json} takes
     * @throws IllegalArgumentException when the request already has a body of another kind, or the value is of no JSON type
     */
    public ApiRequest json(String name, @Nullable Object value) {
        Map<?, ?> members = Map.of();
        if (body instanceof Body.Json json && json.value() instanceof Map<?, ?> present) {
            members = present;
        } else if (!(body instanceof Body.None)) {
            throw new IllegalArgumentException(
                    this + " already has a " + kindOf(body) + " body; JSON member '" + name + "' does not fit");
        }
        return body(Body.Json.of(members, Objects.requireNonNull(name, "name"), value));
    }

    /** Replaces the body. */
    public ApiRequest body(Body newBody) {
        Draft draft = new Draft(this);
        draft.body = Objects.requireNonNull(newBody, "body");
        return new ApiRequest(draft);
    }

    /**
     * Adds a header.
     *
     * @throws IllegalArgumentException when the name is no HTTP token or the value holds a control character (RFC 9110 section 5)
     */
    public ApiRequest header(String name, String value) {
        Draft draft = new Draft(this);
        draft.headers = append(headers, checkedHeader(name, value));
        return new ApiRequest(draft);
    }

    /**
     * Gives the scheme a value that is no field of the request: a receive window, an instruction name, the name under which a path is signed.
     * The venue's Javadoc lists the names its scheme reads; an attribute that no part reads is refused when signing.
     */
    public ApiRequest attribute(String name, String value) {
        Draft draft = new Draft(this);
        Map<String, String> more = new LinkedHashMap<>(attributes);
        more.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
        draft.attributes = Collections.unmodifiableMap(more);
        return new ApiRequest(draft);
    }

    /**
     * Sets where the request goes: scheme, host, optional port and optional path prefix. A client sets the venue's own address when the caller
     * does not; schemes that sign the host need it.
     *
     * @throws IllegalArgumentException when it is not an absolute http or https address without query and fragment
     */
    public ApiRequest baseUri(URI uri) {
        if (uri.getHost() == null
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null
                || uri.getRawUserInfo() != null
                || !("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))) {
            throw new IllegalArgumentException("base URI '" + uri
                    + "' must be an absolute http(s) address with a host and without user, query and fragment");
        }
        Draft draft = new Draft(this);
        draft.baseUri = uri;
        return new ApiRequest(draft);
    }

    /** The caller's own name for an order; the client puts it where the venue reads it. Made by the client when absent on an order. */
    public ApiRequest clientOrderId(String id) {
        Draft draft = new Draft(this);
        draft.clientOrderId = Objects.requireNonNull(id, "clientOrderId");
        return new ApiRequest(draft);
    }

    /** Overrides the priority that the venue's rules give the call. */
    public ApiRequest priority(Priority newPriority) {
        Draft draft = new Draft(this);
        draft.priority = newPriority;
        return new ApiRequest(draft);
    }

    /**
     * Bounds the whole call: waiting for budget, every attempt, every backoff.
     *
     * @throws IllegalArgumentException when it is not positive
     */
    public ApiRequest timeLimit(Duration limit) {
        if (limit.isNegative() || limit.isZero()) {
            throw new IllegalArgumentException("time limit must be positive, was " + limit);
        }
        Draft draft = new Draft(this);
        draft.timeLimit = limit;
        return new ApiRequest(draft);
    }

    /** Overrides how much authentication the venue's scheme would give this path. */
    public ApiRequest access(Access newAccess) {
        Draft draft = new Draft(this);
        draft.access = newAccess;
        return new ApiRequest(draft);
    }

    /** HTTP method in upper case. */
    public String method() {
        return method;
    }

    /** Path as it is sent, below the base URI's own path. */
    public String path() {
        return path;
    }

    /** Query fields in sending order, not encoded. */
    public List<Field> query() {
        return query;
    }

    /** Headers the caller set, in order. */
    public List<Field> headers() {
        return headers;
    }

    /** The body before encoding. */
    public Body body() {
        return body;
    }

    /** The value of this name among the query fields, else the form fields, else the members of a JSON object; scalars as text. */
    public Optional<String> value(String name) {
        for (Field field : query) {
            if (field.name().equals(name)) {
                return Optional.of(field.value());
            }
        }
        if (body instanceof Body.Form form) {
            for (Field field : form.fields()) {
                if (field.name().equals(name)) {
                    return Optional.of(field.value());
                }
            }
        }
        return body instanceof Body.Json json && json.value() instanceof Map<?, ?> members
                ? Optional.ofNullable(members.get(name)).map(JsonText::scalar)
                : Optional.empty();
    }

    /** Values for the scheme; see {@link #attribute(String, String)}. */
    public Map<String, String> attributes() {
        return attributes;
    }

    /** Where the request goes, when it is known. */
    public Optional<URI> baseUri() {
        return Optional.ofNullable(baseUri);
    }

    /** The caller's name for the order, when given. */
    public Optional<String> clientOrderId() {
        return Optional.ofNullable(clientOrderId);
    }

    /** The caller's override of the priority, when given; {@link io.intaglio.signing.venue.Venue#priorityOf} tells what holds without one. */
    public Optional<Priority> priority() {
        return Optional.ofNullable(priority);
    }

    /** Bound on the whole call, when given. */
    public Optional<Duration> timeLimit() {
        return Optional.ofNullable(timeLimit);
    }

    /** The caller's override of the access level, when given. */
    public Optional<Access> access() {
        return Optional.ofNullable(access);
    }

    /** Method and path; field values are left out because they may be confidential. */
    @Override
    public String toString() {
        return method + " " + path;
    }

    private static Field field(String name, String value) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, () -> "value of '" + name + "'");
        return new Field(name, value);
    }

    private static List<Field> append(List<Field> list, Field field) {
        List<Field> more = new ArrayList<>(list.size() + 1);
        more.addAll(list);
        more.add(field);
        return Collections.unmodifiableList(more);
    }

    private static String kindOf(Body body) {
        return body.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    private static String checkedMethod(String method) {
        if (method.isEmpty() || !method.chars().allMatch(c -> c < 128 && Character.isLetter(c))) {
            throw new IllegalArgumentException(
                    "method '" + printable(method) + "' is not an HTTP method such as GET or POST");
        }
        return method.toUpperCase(Locale.ROOT);
    }

    private static String checkedPath(String path) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException(
                    "path '" + printable(path) + "' must start with '/'; give the host as the base URI");
        }
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '?' || c == '#') {
                throw new IllegalArgumentException("path '" + printable(path) + "' holds '" + c + "' at position "
                        + (i + 1) + "; give query fields with query(name, value)");
            }
            if (c == '%') {
                if (i + 2 >= path.length()
                        || Character.digit(path.charAt(i + 1), 16) < 0
                        || Character.digit(path.charAt(i + 2), 16) < 0) {
                    throw new IllegalArgumentException(
                            "path '" + printable(path) + "' has a broken percent escape at position " + (i + 1));
                }
            } else if (!isPathCharacter(c)) {
                throw new IllegalArgumentException(
                        "path '" + printable(path) + "' holds a character at position " + (i + 1)
                                + " that RFC 3986 does not allow in a path (U+"
                                + Integer.toHexString(0x10000 | c).substring(1)
                                + "); percent-encode it");
            }
        }
        for (String segment : path.split("/", -1)) {
            String decoded = segment.replace("%2e", ".").replace("%2E", ".");
            if (decoded.equals(".") || decoded.equals("..")) {
                throw new IllegalArgumentException("path '" + printable(path)
                        + "' has a dot segment; proxies rewrite those and the signature would fail");
            }
        }
        return path;
    }

    private static boolean isPathCharacter(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || "/-._~!$&'()*+,;=:@".indexOf(c) >= 0;
    }

    private static Field checkedHeader(String name, String value) {
        if (name.isEmpty()
                || !name.chars()
                        .allMatch(
                                c -> c < 128 && (Character.isLetterOrDigit(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0))) {
            throw new IllegalArgumentException("header name '" + printable(name) + "' is not an HTTP token");
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 32 && c != '\t' || c >= 127) {
                throw new IllegalArgumentException("header " + name + " holds a character at position " + (i + 1)
                        + " that cannot be sent in a header (U+"
                        + Integer.toHexString(0x10000 | c).substring(1) + ")");
            }
        }
        return new Field(name, value);
    }

    /** Bad input goes into messages and so into logs and terminals: no control characters, no unbounded length. */
    private static String printable(String text) {
        StringBuilder safe = new StringBuilder();
        text.codePoints().limit(80).forEach(c -> {
            if (c < 32 || c >= 127) {
                safe.append("\\u").append(Integer.toHexString(0x1000000 | c).substring(c > 0xffff ? 1 : 3));
            } else {
                safe.appendCodePoint(c);
            }
        });
        return text.length() > 80 ? safe + "..." : safe.toString();
    }

    /** The fields of a request that is being made from another. */
    private static final class Draft {
        private final String method;
        private final String path;
        private List<Field> query = List.of();
        private List<Field> headers = List.of();
        private Body body = Body.none();
        private Map<String, String> attributes = Map.of();
        private @Nullable URI baseUri;
        private @Nullable String clientOrderId;
        private @Nullable Priority priority;
        private @Nullable Duration timeLimit;
        private @Nullable Access access;

        Draft(String method, String path) {
            this.method = method;
            this.path = path;
        }

        Draft(ApiRequest from) {
            this(from.method, from.path);
            query = from.query;
            headers = from.headers;
            body = from.body;
            attributes = from.attributes;
            baseUri = from.baseUri;
            clientOrderId = from.clientOrderId;
            priority = from.priority;
            timeLimit = from.timeLimit;
            access = from.access;
        }
    }
}
