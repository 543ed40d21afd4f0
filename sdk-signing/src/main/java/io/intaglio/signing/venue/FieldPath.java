package io.intaglio.signing.venue;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Body;
import io.intaglio.signing.Field;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a request says something, wherever it travels: a field of the query, of the form, or a member of the JSON body. {@code a/b} is member
 * {@code b} of member {@code a}, and {@code *} each element of a list or
 * each member of an object. It reads what a venue would read, or nothing: whatever a venue may
 * understand in another way is refused. Immutable and thread-safe.
 */
public final class FieldPath {
    private static final Pattern DECIMAL = Pattern.compile("(0|[1-9][0-9]{0,39})(\\.[0-9]{1,40})?");

    private final String text;
    private final List<String> names;

    private FieldPath(String text) {
        this.text = text;
        this.names = List.of(text.split("/", -1));
    }

    /** The field of this name or path. */
    public static FieldPath of(String path) {
        if (path.isEmpty() || List.of(path.split("/", -1)).contains("")) {
            throw new IllegalArgumentException(
                    "'" + path + "' names no field; write for example amount or destination/id");
        }
        return new FieldPath(path);
    }

    /**
     * All values, as text.
     *
     * @throws IllegalArgumentException when they cannot be told for certain: a body of raw bytes, a field of the query beside a JSON body,
     *     a name that differs in letter case or is written as a list, or something else than a plain value
     */
    public List<String> valuesIn(ApiRequest request) {
        List<String> values = new ArrayList<>();
        collect(request.query(), values);
        if (request.body() instanceof Body.Form form) {
            collect(form.fields(), values);
        } else if (request.body() instanceof Body.Json json) {
            if (!values.isEmpty()) {
                throw new IllegalArgumentException(text
                        + " is in the query beside a JSON body, and a venue may read the body alone; give it there");
            }
            collect(json.value(), 0, values);
        } else if (request.body() instanceof Body.Raw raw && raw.bytes().length > 0) {
            throw new IllegalArgumentException(
                    "its body is raw, so " + text + " cannot be read from it; give the body as form or JSON");
        }
        return values;
    }

    /**
     * The value; empty when there is none.
     *
     * @throws IllegalArgumentException as {@link #valuesIn}, or when there are several
     */
    public Optional<String> valueIn(ApiRequest request) {
        List<String> values = valuesIn(request);
        if (values.size() > 1) {
            throw new IllegalArgumentException(
                    text + " is given " + values.size() + " times, and which of them counts is not known");
        }
        return values.stream().findFirst();
    }

    /**
     * The value as an exact number; empty when there is none.
     *
     * @throws IllegalArgumentException as {@link #valueIn}, or when it is not a plain decimal such as 0.25: no sign, exponent, blank,
     *     separator or leading zero, which venues read in different ways
     */
    public Optional<BigDecimal> decimalIn(ApiRequest request) {
        return valueIn(request).map(this::decimal);
    }

    /** The text as an exact number, under the rule of {@link #decimalIn}. */
    BigDecimal decimal(String value) {
        if (!DECIMAL.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    text + " is '" + shown(value) + "', which is not a plain decimal such as 0.25");
        }
        return new BigDecimal(value);
    }

    /** The value of this field as {@link #valueIn} reads it, empty text when there is none. */
    static String text(ApiRequest request, String field) {
        return textOr(request, field, "");
    }

    /** The same with another text for none. */
    static String textOr(ApiRequest request, String field, String none) {
        return new FieldPath(field).valueIn(request).orElse(none);
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }

    static String shown(String value) {
        StringBuilder safe = new StringBuilder();
        value.codePoints().limit(60).forEach(c -> safe.appendCodePoint(c < 32 || c >= 127 ? '?' : c));
        return value.length() > 60 ? safe + "..." : safe.toString();
    }

    private void collect(List<Field> fields, List<String> values) {
        for (Field field : fields) {
            if (isMember(field.name(), text)) {
                values.add(field.value());
            }
        }
    }

    private void collect(@Nullable Object value, int depth, List<String> values) {
        if (depth == names.size()) {
            if (value instanceof Map || value instanceof List) {
                throw new IllegalArgumentException(text + " is no plain value");
            }
            if (value != null) {
                values.add(value instanceof BigDecimal number ? number.toPlainString() : value.toString());
            }
            return;
        }
        String name = names.get(depth);
        if (value instanceof List<?> list && name.equals("*")) {
            list.forEach(element -> collect(element, depth + 1, values));
        } else if (value instanceof Map<?, ?> members) {
            members.forEach((key, member) -> {
                if (name.equals("*") || isMember(String.valueOf(key), name)) {
                    collect(member, depth + 1, values);
                }
            });
        }
    }

    /** A name that some servers take for the wanted one and others do not is refused. */
    private static boolean isMember(String given, String wanted) {
        if (given.equals(wanted)) {
            return true;
        }
        String plain = given.strip();
        int bracket = plain.indexOf('[');
        if ((bracket < 0 ? plain : plain.substring(0, bracket)).equalsIgnoreCase(wanted)) {
            throw new IllegalArgumentException("field '" + shown(given) + "' may or may not be read as '" + wanted
                    + "'; write it as the venue documents it");
        }
        return false;
    }
}
