package io.intaglio.signing.standard;

import io.intaglio.signing.internal.StructuredFields;
import io.intaglio.signing.internal.StructuredFields.Item;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A part of a message that a signature covers (RFC 9421 section 2): a field by its name, or a derived component such as {@code @method}. An
 * immutable value; the order of parameters counts for writing, not for equality.
 *
 * <pre>{@code
 * Component.of("@method")
 * Component.of("content-digest").ofRequest()     // "content-digest";req, in the signature of a response
 * Component.of("example-dict").key("a")          // one member of a dictionary
 * Component.queryParam("symbol")                 // "@query-param";name="symbol"
 * }</pre>
 */
public final class Component {
    private static final Set<String> DERIVED = Set.of(
            "@method",
            "@target-uri",
            "@authority",
            "@scheme",
            "@request-target",
            "@path",
            "@query",
            "@query-param",
            "@status");
    private static final Set<String> FLAGS = Set.of("sf", "bs", "req", "tr");

    private final String name;
    private final Map<String, Object> parameters;
    private final String text;

    private Component(String name, Map<String, Object> parameters) {
        this.name = name;
        this.parameters = parameters;
        StringBuilder out = new StringBuilder();
        StructuredFields.write(new Item(name, parameters), out);
        this.text = out.toString();
    }

    /**
     * A component by its name alone; field names are written in lower case.
     *
     * @throws IllegalArgumentException when the name is no field name and no derived component of the RFC
     */
    public static Component of(String name) {
        return checked(name.toLowerCase(Locale.ROOT), Map.of());
    }

    /** One query field, which has to occur once in the query. The name is plain text, not percent-encoded. */
    public static Component queryParam(String name) {
        return checked("@query-param", Map.of("name", QueryParams.encode(name)));
    }

    /** A component as a message names it. */
    static Component of(Item item) {
        if (!(item.value() instanceof String name)) {
            throw new IllegalArgumentException("covered component must be a string");
        }
        return checked(name, item.parameters());
    }

    /** Serialises the field strictly as a structured field ({@code sf}); the signer has to know its type. */
    public Component structured() {
        return with("sf", true);
    }

    /** One member of a dictionary field ({@code key}). */
    public Component key(String member) {
        return with("key", member);
    }

    /** The field's lines as byte sequences ({@code bs}), for fields that may not be joined with commas or are not ASCII. */
    public Component bytes() {
        return with("bs", true);
    }

    /** The same component of the request that a response answers ({@code req}). */
    public Component ofRequest() {
        return with("req", true);
    }

    /** The field from the trailers ({@code tr}). */
    public Component trailer() {
        return with("tr", true);
    }

    private Component with(String parameter, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(parameters);
        more.put(parameter, value);
        return checked(name, more);
    }

    private static Component checked(String name, Map<String, Object> parameters) {
        boolean derived = name.startsWith("@");
        if (derived && !DERIVED.contains(name)) {
            throw new IllegalArgumentException("component " + shown(name) + " is no derived component of RFC 9421");
        }
        if (!derived && !isFieldName(name)) {
            throw new IllegalArgumentException(
                    "component " + shown(name) + " is no field name; field names are HTTP tokens in lower case");
        }
        for (Map.Entry<String, Object> parameter : parameters.entrySet()) {
            String key = parameter.getKey();
            boolean known = FLAGS.contains(key)
                    ? Boolean.TRUE.equals(parameter.getValue()) && (!derived || key.equals("req"))
                    : parameter.getValue() instanceof String
                            && (key.equals("key") && !derived || key.equals("name") && name.equals("@query-param"));
            if (!known) {
                throw new IllegalArgumentException(
                        "component \"" + name + "\" cannot have the parameter '" + key + "' with this value");
            }
        }
        if (name.equals("@query-param") && !parameters.containsKey("name")) {
            throw new IllegalArgumentException("component \"@query-param\" needs a name");
        }
        if (name.equals("@status") && parameters.containsKey("req")) {
            throw new IllegalArgumentException("component \"@status\" belongs to a response, not to its request");
        }
        if (parameters.containsKey("bs") && (parameters.containsKey("sf") || parameters.containsKey("key"))) {
            throw new IllegalArgumentException("component \"" + name + "\" cannot be bytes and structured at once");
        }
        return new Component(name, new LinkedHashMap<>(parameters));
    }

    private static boolean isFieldName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean token = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
            if (!token) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private static String shown(String name) {
        StringBuilder safe = new StringBuilder("'");
        name.chars().limit(40).forEach(c -> safe.append(c < 32 || c > 126 ? '?' : (char) c));
        return safe.append('\'').toString();
    }

    /** Field name in lower case, or the name of a derived component with its {@code @}. */
    public String name() {
        return name;
    }

    boolean isDerived() {
        return name.charAt(0) == '@';
    }

    boolean has(String flag) {
        return !parameters.isEmpty() && parameters.containsKey(flag);
    }

    @Nullable
    String parameter(String key) {
        return (String) parameters.get(key);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof Component that && name.equals(that.name) && parameters.equals(that.parameters);
    }

    @Override
    public int hashCode() {
        return name.hashCode() * 31 + parameters.hashCode();
    }

    /** The component identifier as it stands in a signature base: {@code "@query-param";name="symbol"}. */
    @Override
    public String toString() {
        return text;
    }
}
