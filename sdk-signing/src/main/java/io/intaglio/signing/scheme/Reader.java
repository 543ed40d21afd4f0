package io.intaglio.signing.scheme;

import io.intaglio.signing.Access;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Body;
import io.intaglio.signing.Field;
import io.intaglio.signing.ReceivedRequest;
import io.intaglio.signing.SigningException;
import io.intaglio.signing.internal.JsonReader;
import io.intaglio.signing.internal.JsonText;
import io.intaglio.signing.internal.Percent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes a received request apart along the steps of a scheme. */
final class Reader {
    private final Scheme scheme;
    private final ReceivedRequest received;

    Reader(Scheme scheme, ReceivedRequest received) {
        this.scheme = scheme;
        this.received = received;
    }

    List<Reading> readings() {
        List<Reading> readings = new ArrayList<>();
        for (boolean decoded : new boolean[] {true, false}) {
            for (Body body : bodies()) {
                try {
                    Reading reading = reading(body, decoded, true);
                    readings.add(reading);
                    if (!reading.request().attributes().isEmpty()) {
                        readings.add(reading(body, decoded, false));
                    }
                } catch (IllegalArgumentException | SigningException e) {
                    // not how this request came to be
                }
            }
        }
        return readings;
    }

    /**
     * An attribute whose stamp stays in the query, form or JSON need not be given again, and is refused when no other part reads it; when one
     * does, it must be.
     */
    private Reading reading(Body body, boolean decoded, boolean alsoOfKeptStamps) {
        ApiRequest whole = whole(body, decoded);
        List<Field> query = new ArrayList<>(whole.query());
        List<Field> headers = new ArrayList<>(whole.headers());
        List<Field> form = body instanceof Body.Form fields ? new ArrayList<>(fields.fields()) : null;
        Map<String, @Nullable Object> json = null;
        if (body instanceof Body.Json tree && tree.value() instanceof Map<?, ?> members) {
            json = new LinkedHashMap<>();
            for (Map.Entry<?, ?> member : members.entrySet()) {
                json.put((String) member.getKey(), member.getValue());
            }
        }
        Instant time = null;
        String nonce = null;
        ApiRequest attributes = whole;
        List<String> attached = new ArrayList<>();
        for (Scheme.Step step : scheme.stampsAndAttachments()) {
            if (!step.when().test(whole)) {
                continue;
            }
            Place place = step.place();
            Place.Kind kind = place.kindFor(whole);
            if (kind == Place.Kind.BODY) {
                throw new IllegalArgumentException("the body was replaced");
            }
            String name = place.name();
            String value = kind == Place.Kind.HEADER
                    ? received.onlyHeader(name).orElseThrow(() -> new IllegalArgumentException("no one header " + name))
                    : json != null && kind == Place.Kind.JSON
                            ? JsonText.scalar(json.get(name))
                            : only(kind == Place.Kind.FORM ? Objects.requireNonNullElse(form, List.of()) : query, name);
            if (step.part() instanceof Parts.Legible legible) {
                Parts.Said said = legible.read(value);
                time = time == null ? said.time() : time;
                nonce = nonce == null ? said.nonce() : nonce;
                boolean kept = step.isStamp() && kind != Place.Kind.HEADER;
                if (said.attribute() != null && (alsoOfKeptStamps || !kept)) {
                    attributes = attributes.attribute(said.attribute(), value);
                }
            }
            if (kind == Place.Kind.HEADER) {
                attached.add(name);
                headers.removeIf(header -> header.name().equalsIgnoreCase(name));
            } else if (kind == Place.Kind.JSON && json != null) {
                if (!step.isStamp()) {
                    json.remove(name);
                }
            } else if (!step.isStamp()) {
                (form != null && kind == Place.Kind.FORM ? form : query)
                        .removeIf(field -> field.name().equals(name));
            }
        }
        ApiRequest bare = empty();
        for (Map.Entry<String, String> attribute : attributes.attributes().entrySet()) {
            bare = bare.attribute(attribute.getKey(), attribute.getValue());
        }
        for (Field field : query) {
            bare = bare.query(field.name(), field.value());
        }
        for (Field header : headers) {
            bare = bare.header(header.name(), header.value());
        }
        bare = bare.body(json != null ? Body.json(json) : form != null ? Body.form(form) : body);
        return new Reading(bare, Optional.ofNullable(time), Optional.ofNullable(nonce), attached);
    }

    private static String only(List<Field> fields, String name) {
        String found = null;
        for (Field field : fields) {
            if (field.name().equals(name)) {
                if (found != null) {
                    throw new IllegalArgumentException("field " + name + " occurs twice");
                }
                found = field.value();
            }
        }
        if (found == null) {
            throw new IllegalArgumentException("no field " + name);
        }
        return found;
    }

    private ApiRequest empty() {
        String target = received.target();
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        String prefix = Objects.requireNonNullElse(received.baseUri().getRawPath(), "");
        if (prefix.endsWith("/")) {
            prefix = prefix.substring(0, prefix.length() - 1);
        }
        if (!path.startsWith(prefix)) {
            throw new IllegalArgumentException("the path is not below the base URI");
        }
        return ApiRequest.of(received.method(), path.substring(prefix.length()))
                .baseUri(received.baseUri())
                .access(Access.SIGNED);
    }

    private ApiRequest whole(Body body, boolean decoded) {
        ApiRequest whole = empty().body(body);
        int mark = received.target().indexOf('?');
        if (mark >= 0) {
            for (Field field : fields(received.target().substring(mark + 1), decoded)) {
                whole = whole.query(field.name(), field.value());
            }
        }
        for (Field header : received.headers()) {
            whole = whole.header(header.name(), header.value());
        }
        return whole;
    }

    /** Fields of a query or form; not decoded for schemes that send text which is already escaped as it is. */
    private List<Field> fields(String text, boolean decoded) {
        List<Field> fields = new ArrayList<>();
        for (String pair : text.split("&", -1)) {
            int equal = pair.indexOf('=');
            if (equal < 0) {
                throw new IllegalArgumentException("a field without '='");
            }
            fields.add(
                    new Field(decoded(pair.substring(0, equal), decoded), decoded(pair.substring(equal + 1), decoded)));
        }
        return fields;
    }

    private String decoded(String text, boolean decoded) {
        if (!decoded) {
            return text;
        }
        String blanks = scheme.encoding().writesSpaceAsPlus() ? text.replace('+', ' ') : text;
        return new String(Percent.decode(blanks), StandardCharsets.UTF_8);
    }

    private List<Body> bodies() {
        byte[] bytes = received.body();
        String text = new String(bytes, StandardCharsets.UTF_8);
        String type = received.onlyHeader("Content-Type").orElse("");
        List<Body> bodies = new ArrayList<>();
        if (bytes.length == 0 || text.equals(scheme.emptyBody(emptyOrRefuse()))) {
            bodies.add(Body.none());
        }
        if (bytes.length == 0) {
            return bodies;
        }
        String kind = type.toLowerCase(Locale.ROOT);
        if (kind.contains("json") || text.startsWith("{") || text.startsWith("[")) {
            try {
                Object tree = JsonReader.read(bytes);
                if (tree != null) {
                    bodies.add(Body.json(tree));
                }
            } catch (IllegalArgumentException | SigningException e) {
                // not JSON after all
            }
        } else if (text.indexOf('=') > 0) {
            try {
                bodies.add(Body.form(fields(text, true)));
            } catch (IllegalArgumentException | SigningException e) {
                // not a form after all
            }
        }
        bodies.add(Body.text(text, type));
        return bodies;
    }

    private ApiRequest emptyOrRefuse() {
        try {
            return empty();
        } catch (IllegalArgumentException | SigningException e) {
            return ApiRequest.get("/");
        }
    }
}
