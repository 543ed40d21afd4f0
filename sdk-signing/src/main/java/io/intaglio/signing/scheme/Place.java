package io.intaglio.signing.scheme;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Body;
import io.intaglio.signing.Field;
import io.intaglio.signing.internal.JsonText;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Where a value goes in a request. {@link Places} makes them. Immutable. */
public final class Place {
    enum Kind {
        HEADER,
        QUERY,
        FORM,
        JSON,
        PARAMETER,
        BODY
    }

    private final Kind kind;
    private final String name;
    private final boolean first;
    private final boolean number;
    private final boolean last;

    Place(Kind kind, String name, boolean first, boolean number) {
        this(kind, name, first, number, false);
    }

    private Place(Kind kind, String name, boolean first, boolean number, boolean last) {
        this.kind = kind;
        this.name = Objects.requireNonNull(name, "name");
        this.first = first;
        this.number = number;
        this.last = last;
    }

    /** The same place, before the fields the caller gave; several such stamps stand in the order in which they are declared. */
    public Place first() {
        return new Place(kind, name, true, number);
    }

    /** The same place, after all others even where the scheme sorts its fields. */
    public Place last() {
        return new Place(kind, name, false, number, true);
    }

    /** The same JSON member with a number as its value. */
    public Place asNumber() {
        return new Place(kind, name, first, true);
    }

    /** Puts a value that the caller supplies, such as a client order id, into a request at this place. */
    public ApiRequest put(ApiRequest request, String value) {
        return switch (kindFor(request)) {
            case HEADER -> request.header(name, value);
            case FORM -> request.form(name, value);
            case JSON -> request.json(name, number ? new java.math.BigDecimal(value) : value);
            case BODY -> request.body(Body.text(value, name));
            case QUERY, PARAMETER -> request.query(name, value);
        };
    }

    /** The value that the request already has at this place. */
    public Optional<String> valueIn(ApiRequest request) {
        return switch (kindFor(request)) {
            case HEADER -> valueIn(request.headers(), true);
            case QUERY, PARAMETER -> valueIn(request.query(), false);
            case FORM -> request.body() instanceof Body.Form form ? valueIn(form.fields(), false) : Optional.empty();
            case JSON ->
                request.body() instanceof Body.Json json && json.value() instanceof Map<?, ?> members
                        ? Optional.ofNullable(members.get(name)).map(JsonText::scalar)
                        : Optional.empty();
            case BODY -> Optional.empty();
        };
    }

    private Optional<String> valueIn(List<Field> fields, boolean anyCase) {
        return fields.stream()
                .filter(field -> anyCase
                        ? field.name().equalsIgnoreCase(name)
                        : field.name().equals(name))
                .map(Field::value)
                .findFirst();
    }

    Kind kindFor(ApiRequest request) {
        if (kind != Kind.PARAMETER) {
            return kind;
        }
        if (request.body() instanceof Body.Form) {
            return Kind.FORM;
        }
        return request.body() instanceof Body.Json ? Kind.JSON : Kind.QUERY;
    }

    Kind kind() {
        return kind;
    }

    String name() {
        return name;
    }

    boolean isFirst() {
        return first;
    }

    boolean isLast() {
        return last;
    }

    boolean isNumber() {
        return number;
    }

    /** As an explanation writes it: {@code header API-Sign}. */
    @Override
    public String toString() {
        return switch (kind) {
            case HEADER -> "header " + name;
            case QUERY -> "query field " + name;
            case FORM -> "form field " + name;
            case JSON -> "JSON member " + name;
            case PARAMETER -> "parameter " + name;
            case BODY -> "body";
        };
    }
}
