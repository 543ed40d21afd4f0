package io.intaglio.signing.scheme;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Body;
import io.intaglio.signing.Credential;
import io.intaglio.signing.Field;
import io.intaglio.signing.Moment;
import io.intaglio.signing.SigningException;
import io.intaglio.signing.key.KeyKind;
import io.intaglio.signing.key.SignatureAlgorithm;
import io.intaglio.signing.key.SigningKey;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Part} may look at while one request is signed: the request, the credential's public side, the moment, and the encoded query
 * and body as they will be sent. Lives for one signature on one thread.
 */
public final class SigningInput {
    static final String JSON_TYPE = "application/json";
    static final String FORM_TYPE = "application/x-www-form-urlencoded";
    private static final Field JSON_HEADER = new Field("Content-Type", JSON_TYPE);
    private static final Field FORM_HEADER = new Field("Content-Type", FORM_TYPE);

    private final Scheme scheme;
    private final ApiRequest request;
    private final Credential credential;
    private final Moment moment;
    private final @Nullable SigningKey key;
    private final @Nullable SignatureAlgorithm algorithm;
    private final @Nullable Trace trace;
    private @Nullable Set<String> attributesRead;

    private List<Field> query;
    private boolean queryIsOurs;
    private int queryFirsts;
    private Body body;
    private @Nullable List<Field> form;
    private int formFirsts;
    private @Nullable Map<String, @Nullable Object> json;
    private int jsonFirsts;
    private final List<Field> headers;

    private final ByteSink querySink = new ByteSink(0);
    private boolean queryFresh;
    private @Nullable ByteSink bodySink;
    private boolean bodyFresh;
    private boolean bodyPresent;
    private String naturalType = "";

    private @Nullable ByteSink preHash;
    private int preHashLength;
    private byte @Nullable [] signature;
    private int signatureLength;
    private @Nullable Supplier<String> signatureText;

    SigningInput(
            Scheme scheme,
            ApiRequest request,
            Credential credential,
            Moment moment,
            @Nullable SigningKey key,
            @Nullable SignatureAlgorithm algorithm,
            @Nullable Trace trace) {
        this.scheme = scheme;
        this.request = request;
        this.credential = credential;
        this.moment = moment;
        this.key = key;
        this.algorithm = algorithm;
        this.trace = trace;
        this.query = request.query();
        this.body = request.body();
        this.headers = new ArrayList<>(request.headers().size() + scheme.headerCount());
        headers.addAll(request.headers());
    }

    /** The request as the caller gave it. */
    public ApiRequest request() {
        return request;
    }

    /** The credential. Its secrets stay behind their own door. */
    public Credential credential() {
        return credential;
    }

    /** Time and nonce of this attempt. */
    public Moment moment() {
        return moment;
    }

    /** Writes a part inside another one; an explanation shows it with its bytes. */
    public void write(Part part, ByteSink out) {
        if (trace == null) {
            part.write(this, out);
        } else {
            trace.part(part, this, out);
        }
    }

    /** A named attribute of the request, or null. */
    public @Nullable String attribute(String name) {
        if (attributesRead == null && !request.attributes().isEmpty()) {
            attributesRead = new HashSet<>();
        }
        if (attributesRead != null) {
            attributesRead.add(name);
        }
        return request.attributes().get(name);
    }

    /** The nonce, which the scheme cannot do without. */
    public String nonce() {
        return moment.nonce()
                .orElseThrow(() -> new SigningException(scheme.name()
                        + " needs a nonce, but the moment has none; give Moment.of(time, nonce) or a nonce source"));
    }

    /** The base URI, for schemes that sign the host. */
    public URI baseUri() {
        return request.baseUri()
                .orElseThrow(() -> new SigningException(scheme.name() + " signs the host, but " + request
                        + " has no base URI; set it with baseUri(...)"));
    }

    /** The value of a header the caller or an earlier stamp set. */
    public String header(String name) {
        for (Field header : headers) {
            if (header.name().equalsIgnoreCase(name)) {
                return header.value();
            }
        }
        throw new SigningException(scheme.name() + " signs header " + name + ", but " + request
                + " has none; an empty text is never signed in its place, so add the header");
    }

    KeyKind keyKind() {
        return key().kind();
    }

    SigningKey key() {
        if (key == null) {
            throw noKey();
        }
        return key;
    }

    SigningException noKey() {
        return new SigningException(scheme.name() + " signs " + request + ", but credential " + credential.shortKeyId()
                + " has no signing key; give it one, or send the call as public");
    }

    String schemeName() {
        return scheme.name();
    }

    @Nullable
    Trace trace() {
        return trace;
    }

    // ---- fields

    /** Query fields as they stand, stamps included. */
    List<Field> queryFields() {
        return query;
    }

    /** Form fields as they stand, or an empty list. */
    List<Field> formFields() {
        if (form != null) {
            return form;
        }
        return body instanceof Body.Form present ? present.fields() : List.of();
    }

    /** The JSON value as it stands, or null. */
    @Nullable
    Object jsonValue() {
        if (json != null) {
            return json;
        }
        return body instanceof Body.Json present ? present.value() : null;
    }

    /** The members of the JSON object; none for a request without a body. */
    Map<?, ?> jsonMembers() {
        Object value = jsonValue();
        if (value == null && (body instanceof Body.None)) {
            return Map.of();
        }
        if (value instanceof Map<?, ?> members) {
            return members;
        }
        throw new SigningException(
                scheme.name() + " needs a JSON object as the body of " + request + "; give it with json(name, value)");
    }

    void place(Place place, Part part) {
        Place.Kind kind = place.kind() == Place.Kind.PARAMETER ? parameterKind() : place.kind();
        if (kind == Place.Kind.HEADER) {
            String value = valueOf(part);
            for (Field header : headers) {
                if (header.name().equalsIgnoreCase(place.name())) {
                    if (header.value().equals(value)) {
                        return;
                    }
                    throw new SigningException("header " + place.name() + " is set by scheme " + scheme.name()
                            + ", but the request sets another value; remove it from the request");
                }
            }
            headers.add(new Field(place.name(), value));
        } else if (kind == Place.Kind.BODY) {
            body = Body.text(valueOf(part), place.name());
            form = null;
            json = null;
            bodyFresh = false;
        } else if (kind == Place.Kind.QUERY) {
            if (!contains(query, place.name())) {
                placeInQuery(place, part);
            }
        } else if (kind == Place.Kind.FORM) {
            if (!contains(formFields(), place.name())) {
                placeInForm(place, part);
            }
        } else if (!jsonMembers().containsKey(place.name())) {
            placeInJson(place, valueOf(part));
        }
        if (trace != null) {
            trace.placed(place.kind() == Place.Kind.PARAMETER ? new Place(kind, place.name(), false, false) : place);
        }
    }

    private Place.Kind parameterKind() {
        if (form != null || body instanceof Body.Form) {
            return Place.Kind.FORM;
        }
        return json != null || body instanceof Body.Json ? Place.Kind.JSON : Place.Kind.QUERY;
    }

    private void placeInQuery(Place place, Part part) {
        if (place.isLast()) {
            encodedQuery();
        }
        if (queryFresh && !place.isFirst() && (place.isLast() || !scheme.sortsParameters())) {
            appendField(querySink, place.name(), part);
            return;
        }
        String value = valueOf(part);
        if (!queryIsOurs) {
            List<Field> given = query;
            query = new ArrayList<>(given.size() + 2);
            query.addAll(given);
            queryIsOurs = true;
        }
        query.add(place.isFirst() ? queryFirsts++ : query.size(), new Field(place.name(), value));
        queryFresh = false;
    }

    private void placeInForm(Place place, Part part) {
        if (place.isLast()) {
            encodedBody();
        }
        if (bodyFresh
                && bodyPresent
                && bodySink != null
                && !place.isFirst()
                && (place.isLast() || !scheme.sortsParameters())) {
            appendField(bodySink, place.name(), part);
            return;
        }
        String value = valueOf(part);
        if (form == null) {
            List<Field> given = formFields();
            form = new ArrayList<>(given.size() + 2);
            for (int i = 0; i < given.size(); i++) {
                form.add(given.get(i));
            }
        }
        form.add(place.isFirst() ? formFirsts++ : form.size(), new Field(place.name(), value));
        bodyFresh = false;
    }

    private void placeInJson(Place place, String value) {
        Object typed = place.isNumber() ? number(place, value) : value;
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        int index = 0;
        int at = place.isFirst() ? jsonFirsts++ : Integer.MAX_VALUE;
        for (Map.Entry<?, ?> member : jsonMembers().entrySet()) {
            if (index++ == at) {
                members.put(place.name(), typed);
            }
            members.put((String) member.getKey(), member.getValue());
        }
        members.putIfAbsent(place.name(), typed);
        json = members;
        bodyFresh = false;
    }

    private Object number(Place place, String value) {
        try {
            return new java.math.BigDecimal(value);
        } catch (NumberFormatException e) {
            throw new SigningException(scheme.name() + " writes " + place + " as a number, but its value is not one; "
                    + "use a numeric nonce");
        }
    }

    private static boolean contains(List<Field> fields, String name) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).name().equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** Adds a field behind text that is already encoded, so that what was signed stays as it is, byte for byte. */
    private void appendField(ByteSink sink, String name, Part part) {
        UrlEncoding encoding = scheme.encoding();
        Parts.Encoded signatureText = trace == null ? Parts.signatureText(part, this) : null;
        String value = signatureText == null ? valueOf(part) : "";
        if (sink.size() > 0) {
            sink.write('&');
        }
        encoding.writeName(name, sink);
        sink.write('=');
        if (signatureText != null) {
            int start = sink.size();
            signatureText.write(this, sink);
            if (signatureText.alphanumeric() || encoding.leavesPlain(sink, start)) {
                return;
            }
            value = sink.textFrom(start);
            sink.truncate(start);
        }
        encoding.write(value, sink);
    }

    private String valueOf(Part part) {
        if (trace == null && part instanceof Parts.Text text) {
            return text.value(this);
        }
        Parts.Encoded encoded = trace == null ? Parts.signatureText(part, this) : null;
        if (encoded != null) {
            String value = encoded.textOf(signature(), signatureLength);
            signatureText = () -> value;
            return value;
        }
        ByteSink value = new ByteSink(96);
        write(part, value);
        return value.textFrom(0);
    }

    // ---- encoded forms

    /** The query exactly as it is sent, without {@code ?}. */
    ByteSink encodedQuery() {
        if (!queryFresh) {
            keepPreHash(querySink);
            querySink.truncate(0);
            encode(query, scheme.encoding(), scheme.sortsParameters(), querySink);
            queryFresh = true;
        }
        return querySink;
    }

    /** The body exactly as it is sent; empty when there is none. */
    ByteSink encodedBody() {
        if (bodyFresh && bodySink != null) {
            return bodySink;
        }
        ByteSink sink = bodySink == null ? newBodySink() : bodySink;
        keepPreHash(sink);
        bodySink = sink;
        sink.truncate(0);
        bodyPresent = true;
        Object value = jsonValue();
        if (form != null || body instanceof Body.Form) {
            encode(formFields(), scheme.encoding(), scheme.sortsParameters(), sink);
            naturalType = FORM_TYPE;
            if (sink.size() == 0) {
                emptyBody(sink);
            }
        } else if (value != null) {
            naturalType = JSON_TYPE;
            if (value instanceof Map<?, ?> members && members.isEmpty() && scheme.emptyBody(request) != null) {
                emptyBody(sink);
            } else {
                sink.json(value);
            }
        } else if (body instanceof Body.Raw raw) {
            bodySink = ByteSink.owning(raw.bytes());
            naturalType = raw.contentType();
        } else {
            naturalType = "";
            emptyBody(sink);
        }
        bodyFresh = true;
        return bodySink;
    }

    /** With room for what is known of the body. */
    private ByteSink newBodySink() {
        List<Field> fields = formFields();
        int room = scheme.attachedRoom();
        for (int i = 0; i < fields.size(); i++) {
            room += fields.get(i).name().length() + fields.get(i).value().length() + 2;
        }
        return new ByteSink(jsonValue() instanceof Map<?, ?> members ? 32 + 32 * members.size() : room);
    }

    private void emptyBody(ByteSink sink) {
        String text = scheme.emptyBody(request);
        if (text == null || text.isEmpty()) {
            bodyPresent = false;
        } else {
            sink.text(text);
            naturalType = text.startsWith("{") ? JSON_TYPE : FORM_TYPE;
        }
    }

    static void encode(List<Field> fields, UrlEncoding encoding, boolean sorted, ByteSink out) {
        List<Field> ordered = fields;
        if (sorted) {
            ordered = new ArrayList<>(fields);
            Collections.sort(ordered, java.util.Comparator.comparing(Field::name));
        }
        for (int i = 0; i < ordered.size(); i++) {
            Field field = ordered.get(i);
            if (i > 0) {
                out.write('&');
            }
            encoding.writeName(field.name(), out);
            out.write('=');
            encoding.write(field.value(), out);
        }
    }

    /** The Content-Type that is sent, or the empty text. */
    String contentType() {
        for (Field header : headers) {
            if (header.name().equalsIgnoreCase("Content-Type")) {
                return header.value();
            }
        }
        String fixed = scheme.fixedContentType(request);
        if (fixed != null) {
            return fixed;
        }
        encodedBody();
        return bodyPresent ? naturalType : "";
    }

    // ---- signature

    /** What was signed is all that the sink holds now; it may be query or body, to which fields are still added behind it. */
    void preHash(ByteSink text) {
        preHash = text;
        preHashLength = text.size();
    }

    int preHashLength() {
        return preHashLength;
    }

    /** Saves what was signed before query or body, in which it stands, is written anew. */
    private void keepPreHash(ByteSink sink) {
        if (preHash == sink) {
            preHash = ByteSink.owning(Arrays.copyOf(sink.array(), preHashLength));
        }
    }

    ByteSink preHash() {
        if (preHash == null) {
            throw new SigningException(
                    scheme.name() + " uses its pre-hash before it exists; move that part to attach(...)");
        }
        return preHash;
    }

    boolean isSigned() {
        return preHash != null;
    }

    void sign() {
        SignatureAlgorithm chosen = java.util.Objects.requireNonNull(algorithm);
        ByteSink text = preHash();
        byte[] out = new byte[key().maxSignatureLength(chosen)];
        signatureLength = key().signInto(chosen, text.array(), 0, preHashLength, out, 0);
        signature = out;
    }

    byte[] signature() {
        if (signature == null) {
            throw new SigningException(
                    scheme.name() + " uses its signature before it exists; move that part to attach(...)");
        }
        return signature;
    }

    int signatureLength() {
        return signatureLength;
    }

    @Nullable
    SignatureAlgorithm algorithm() {
        return algorithm;
    }

    void signatureText(Supplier<String> text) {
        signatureText = text;
    }

    @Nullable
    Supplier<String> signatureText() {
        return signatureText;
    }

    // ---- result

    List<Field> finishedHeaders() {
        String type = contentType();
        if (!type.isEmpty()) {
            boolean present = false;
            for (Field header : headers) {
                present |= header.name().equalsIgnoreCase("Content-Type");
            }
            if (!present) {
                headers.add(contentTypeHeader(type));
            }
        }
        return Collections.unmodifiableList(headers);
    }

    private static Field contentTypeHeader(String type) {
        if (type.equals(JSON_TYPE)) {
            return JSON_HEADER;
        }
        return type.equals(FORM_TYPE) ? FORM_HEADER : new Field("Content-Type", type);
    }

    boolean hasBody() {
        encodedBody();
        return bodyPresent;
    }

    void refuseUnreadAttributes() {
        for (String name : request.attributes().keySet()) {
            if ((attributesRead == null || !attributesRead.contains(name)) && !scheme.allowsAttribute(name)) {
                throw new SigningException(scheme.name() + " has no use for attribute '" + name + "' on " + request
                        + "; the venue's Javadoc lists the attributes it reads");
            }
        }
    }
}
