package io.intaglio.signing.standard;

import io.intaglio.signing.Field;
import io.intaglio.signing.internal.StructuredFields;
import io.intaglio.signing.internal.StructuredFields.Item;
import io.intaglio.signing.internal.StructuredFields.Member;
import io.intaglio.signing.internal.TextBytes;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The text that is signed (RFC 9421 section 2.5). A value that is absent or ambiguous is a fault, never an empty line. */
final class SignatureBase {
    /** Fields whose type their RFCs give; callers add their own. */
    static final Map<String, FieldType> KNOWN_TYPES = Map.ofEntries(
            Map.entry("accept-signature", FieldType.DICTIONARY),
            Map.entry("cache-status", FieldType.LIST),
            Map.entry("client-cert", FieldType.ITEM),
            Map.entry("client-cert-chain", FieldType.LIST),
            Map.entry("content-digest", FieldType.DICTIONARY),
            Map.entry("priority", FieldType.DICTIONARY),
            Map.entry("proxy-status", FieldType.LIST),
            Map.entry("repr-digest", FieldType.DICTIONARY),
            Map.entry("signature", FieldType.DICTIONARY),
            Map.entry("signature-input", FieldType.DICTIONARY),
            Map.entry("want-content-digest", FieldType.DICTIONARY),
            Map.entry("want-repr-digest", FieldType.DICTIONARY));

    private SignatureBase() {}

    /**
     * The signature base.
     *
     * @param parameters the value of {@code @signature-params}
     * @throws IllegalArgumentException when the message lacks a component, has it twice, or holds a value that cannot be signed
     */
    static byte[] of(HttpMessage message, List<Component> components, String parameters, Map<String, FieldType> types) {
        TextBytes out = new TextBytes(384);
        write(message, components, parameters, 0, types, out);
        return out.toByteArray();
    }

    /** As {@link #of}; the value of {@code @signature-params} is the text from this character on. */
    static void write(
            HttpMessage message,
            List<Component> components,
            String parameters,
            int from,
            Map<String, FieldType> types,
            TextBytes out) {
        for (int i = 0; i < components.size(); i++) {
            Component component = components.get(i);
            out.text(component.toString()).text(": ");
            try {
                value(message, component, types, out);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("component " + component + " " + e.getMessage(), e);
            }
            out.mark('\n');
        }
        out.text("\"@signature-params\": ").text(parameters, from);
    }

    private static void value(HttpMessage message, Component component, Map<String, FieldType> types, TextBytes out) {
        HttpMessage source = message;
        if (component.has("req")) {
            source = message.request()
                    .orElseThrow(() -> new IllegalArgumentException(
                            message.isRequest()
                                    ? "belongs in the signature of a response"
                                    : "needs the request that this response answers; give it with inResponseTo(...)"));
        }
        if (component.isDerived()) {
            out.text(derived(source, component));
        } else {
            out.text(field(source, component, types));
        }
    }

    private static String derived(HttpMessage message, Component component) {
        if (component.name().equals("@status")) {
            if (message.isRequest()) {
                throw new IllegalArgumentException("belongs to a response, but this is a request");
            }
            return Integer.toString(message.status());
        }
        String method = message.method()
                .orElseThrow(() -> new IllegalArgumentException("belongs to a request, but this is a response"));
        return switch (component.name()) {
            case "@method" -> method;
            case "@target-uri" -> targetUri(message);
            case "@authority" -> authority(message);
            case "@scheme" -> message.origin().getScheme();
            case "@request-target" -> message.target();
            case "@path" -> path(pathAndQuery(message.target()));
            case "@query" -> query(pathAndQuery(message.target()));
            case "@query-param" -> queryParam(message, component);
            default -> throw new IllegalArgumentException("is unknown");
        };
    }

    private static boolean isAbsolute(String target) {
        return target.startsWith("http://") || target.startsWith("https://");
    }

    private static String targetUri(HttpMessage message) {
        String target = message.target();
        if (isAbsolute(target)) {
            return target;
        }
        String origin = message.origin().getScheme() + "://" + authority(message);
        if (target.equals("*")) {
            return origin;
        }
        if (!target.startsWith("/")) {
            throw new IllegalArgumentException("has no value for a target in authority form");
        }
        return origin + target;
    }

    /** In lower case and without the scheme's own port. */
    private static String authority(HttpMessage message) {
        URI origin = message.origin();
        String authority = origin.getHost().toLowerCase(Locale.ROOT);
        int ownPort = origin.getScheme().equals("https") ? 443 : 80;
        if (origin.getPort() >= 0 && origin.getPort() != ownPort) {
            authority = authority + ":" + origin.getPort();
        }
        String target = message.target();
        if (isAbsolute(target)) {
            URI named = URI.create(target);
            boolean same = origin.getScheme().equals(named.getScheme())
                    && origin.getHost().equalsIgnoreCase(named.getHost())
                    && (origin.getPort() < 0 ? ownPort : origin.getPort())
                            == (named.getPort() < 0 ? ownPort : named.getPort());
            if (!same) {
                throw new IllegalArgumentException(
                        "is ambiguous: the request target names another host than the origin");
            }
        }
        return authority;
    }

    private static String pathAndQuery(String target) {
        if (!isAbsolute(target)) {
            return target.startsWith("/") ? target : "";
        }
        int host = target.indexOf("://") + 3;
        for (int i = host; i < target.length(); i++) {
            if (target.charAt(i) == '/' || target.charAt(i) == '?') {
                return target.substring(i);
            }
        }
        return "";
    }

    private static String path(String pathAndQuery) {
        int mark = pathAndQuery.indexOf('?');
        String path = mark < 0 ? pathAndQuery : pathAndQuery.substring(0, mark);
        return path.isEmpty() ? "/" : path;
    }

    /** With its question mark, which alone stands for no query. */
    private static String query(String pathAndQuery) {
        int mark = pathAndQuery.indexOf('?');
        return mark < 0 ? "?" : pathAndQuery.substring(mark);
    }

    private static String queryParam(HttpMessage message, Component component) {
        String query = query(pathAndQuery(message.target())).substring(1);
        String name = component.parameter("name");
        return QueryParams.find(query, name == null ? "" : name)
                .orElseThrow(() -> new IllegalArgumentException("does not occur in the query"));
    }

    private static String field(HttpMessage message, Component component, Map<String, FieldType> types) {
        List<Field> lines = component.has("tr") ? message.trailers() : message.headers();
        if (component.has("bs")) {
            return bytes(lines, component.name());
        }
        String value = joined(lines, component.name());
        if (value == null) {
            throw new IllegalArgumentException("is a field that the message does not have");
        }
        String key = component.parameter("key");
        if (key != null) {
            Member member = StructuredFields.dictionary(value).get(key);
            if (member == null) {
                throw new IllegalArgumentException("is a member that the field does not have");
            }
            return structured(member);
        }
        return component.has("sf") ? structured(component.name(), value, types) : value;
    }

    private static String structured(Member member) {
        StringBuilder out = new StringBuilder();
        StructuredFields.write(member, out);
        return out.toString();
    }

    private static String structured(String name, String value, Map<String, FieldType> types) {
        FieldType type = types.getOrDefault(name, KNOWN_TYPES.get(name));
        if (type == null) {
            throw new IllegalArgumentException(
                    "has no known structured type; name it with structuredField(...), or leave sf out");
        }
        return switch (type) {
            case ITEM -> structured(StructuredFields.item(value));
            case LIST -> StructuredFields.write(StructuredFields.list(value));
            case DICTIONARY -> StructuredFields.write(StructuredFields.dictionary(value));
        };
    }

    /** All lines of that name, trimmed and joined with a comma and a blank; null when there is none. */
    static @Nullable String joined(List<Field> lines, String name) {
        String value = null;
        for (int i = 0; i < lines.size(); i++) {
            Field line = lines.get(i);
            if (line.name().equalsIgnoreCase(name)) {
                String one = checked(trimmed(line.value()), 126);
                value = value == null ? one : value + ", " + one;
            }
        }
        return value;
    }

    private static String bytes(List<Field> lines, String name) {
        List<Item> items = new ArrayList<>();
        for (Field line : lines) {
            if (line.name().equalsIgnoreCase(name)) {
                byte[] bytes = checked(trimmed(line.value()), 255).getBytes(StandardCharsets.ISO_8859_1);
                items.add(new Item(new StructuredFields.Bytes(bytes), Map.of()));
            }
        }
        if (items.isEmpty()) {
            throw new IllegalArgumentException("is a field that the message does not have");
        }
        return StructuredFields.write(items);
    }

    /** Without blanks around it, and obsolete line folding as one blank. */
    private static String trimmed(String value) {
        int start = 0;
        int end = value.length();
        while (start < end && isBlank(value.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(value.charAt(end - 1))) {
            end--;
        }
        String inner = value.substring(start, end);
        return inner.indexOf('\n') < 0 ? inner : inner.replaceAll("[ \t]*\r?\n[ \t]+", " ");
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static String checked(String value, int highest) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 32 && c != '\t' || c == 127 || c > highest) {
                throw new IllegalArgumentException(
                        "holds a character at position " + (i + 1) + " that cannot be signed (U+"
                                + Integer.toHexString(0x10000 | c).substring(1) + ")"
                                + (c > 127 ? "; cover the field's bytes with bs" : ""));
            }
        }
        return value;
    }
}
