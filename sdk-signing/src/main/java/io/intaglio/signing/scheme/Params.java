package io.intaglio.signing.scheme;

import io.intaglio.signing.Field;
import io.intaglio.signing.internal.JsonText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The request's fields written as text in another form than the one in which they are sent: sorted, not encoded, with other separators. A
 * part like any other. Immutable; every method returns a changed copy.
 *
 * <p>Members of a JSON body are written like fields: text without quotes, numbers as plain decimals, lists as {@link Lists} says, nested
 * objects as compact JSON.
 */
public final class Params implements Part {

    /** How a JSON list becomes fields. */
    public enum Lists {
        /** {@code a=1&a=2}. */
        REPEATED,
        /** {@code a[]=1&a[]=2}. */
        BRACKETS,
        /** {@code a=1,2}. */
        COMMA,
        /** {@code a=[1,2]}, as compact JSON. */
        JSON
    }

    enum Source {
        QUERY,
        BODY
    }

    private record Extra(String name, Part value) {
        Field field(SigningInput input) {
            ByteSink text = new ByteSink(64);
            input.write(value, text);
            return new Field(name, text.asText());
        }
    }

    private final List<Source> sources;
    private final UrlEncoding encoding;
    private final boolean sorted;
    private final String between;
    private final String equal;
    private final Lists lists;
    private final List<Extra> extras;
    private final List<String> without;
    private final @Nullable Extra head;

    private Params(
            List<Source> sources,
            UrlEncoding encoding,
            boolean sorted,
            String between,
            String equal,
            Lists lists,
            List<Extra> extras,
            List<String> without,
            @Nullable Extra head) {
        this.sources = sources;
        this.encoding = encoding;
        this.sorted = sorted;
        this.between = between;
        this.equal = equal;
        this.lists = lists;
        this.extras = extras;
        this.without = without;
        this.head = head;
    }

    static Params of(Source... sources) {
        return new Params(
                List.of(sources), UrlEncoding.STRICT, false, "&", "=", Lists.REPEATED, List.of(), List.of(), null);
    }

    /** Names and values as plain text. */
    public Params raw() {
        return encoded(UrlEncoding.NONE);
    }

    /** Names and values encoded so. */
    public Params encoded(UrlEncoding newEncoding) {
        return new Params(sources, newEncoding, sorted, between, equal, lists, extras, without, head);
    }

    /** Sorted by name in ASCII order; fields of one name keep their order. */
    public Params sorted() {
        return new Params(sources, encoding, true, between, equal, lists, extras, without, head);
    }

    /** With other separators: between fields, and between name and value. */
    public Params separated(String betweenFields, String nameFromValue) {
        return new Params(sources, encoding, sorted, betweenFields, nameFromValue, lists, extras, without, head);
    }

    /** Lists written so. */
    public Params lists(Lists newLists) {
        return new Params(sources, encoding, sorted, between, equal, newLists, extras, without, head);
    }

    /** With one more field that is signed here, whether or not it is sent as a field. */
    public Params with(String name, Part value) {
        List<Extra> more = new ArrayList<>(extras);
        more.add(new Extra(name, value));
        return new Params(sources, encoding, sorted, between, equal, lists, List.copyOf(more), without, head);
    }

    /**
     * With this field before all others. When the body is a JSON array, a batch, each of its elements is written as a run of its own, every
     * run with this field before it.
     */
    public Params headed(String name, Part value) {
        Extra first = new Extra(name, value);
        return new Params(sources, encoding, sorted, between, equal, lists, extras, without, first);
    }

    /** Without the fields of this name. */
    public Params without(String name) {
        List<String> more = new ArrayList<>(without);
        more.add(name);
        return new Params(sources, encoding, sorted, between, equal, lists, extras, List.copyOf(more), head);
    }

    @Override
    public String label() {
        return (sorted ? "sorted " : "") + "fields" + (encoding == UrlEncoding.NONE ? ", plain" : "");
    }

    @Override
    public void write(SigningInput input, ByteSink out) {
        int start = out.size();
        if (head != null && input.jsonValue() instanceof List<?> batch) {
            for (Object element : batch) {
                writeRun(input, element, start, out);
            }
        } else {
            writeRun(input, input.jsonValue(), start, out);
        }
    }

    private void writeRun(SigningInput input, @Nullable Object json, int start, ByteSink out) {
        List<Field> fields = new ArrayList<>();
        for (Source source : sources) {
            if (source == Source.QUERY) {
                fields.addAll(input.queryFields());
            } else {
                fields.addAll(input.formFields());
                if (json instanceof Map<?, ?> members) {
                    members.forEach((name, value) -> flatten((String) name, value, fields));
                }
            }
        }
        for (Extra extra : extras) {
            fields.add(extra.field(input));
        }
        fields.removeIf(field -> without.contains(field.name()));
        if (sorted) {
            fields.sort(Comparator.comparing(Field::name));
        }
        if (head != null) {
            fields.add(0, head.field(input));
        }
        for (Field field : fields) {
            if (out.size() > start) {
                out.text(between);
            }
            encoding.writeName(field.name(), out);
            out.text(equal);
            encoding.write(field.value(), out);
        }
    }

    private void flatten(String name, @Nullable Object value, List<Field> out) {
        if (value instanceof List<?> list && lists != Lists.JSON) {
            if (lists == Lists.COMMA) {
                List<String> texts = new ArrayList<>();
                list.forEach(element -> texts.add(text(element)));
                out.add(new Field(name, String.join(",", texts)));
            } else {
                String written = lists == Lists.BRACKETS ? name + "[]" : name;
                list.forEach(element -> out.add(new Field(written, text(element))));
            }
        } else {
            out.add(new Field(name, text(value)));
        }
    }

    private static String text(@Nullable Object value) {
        if (value instanceof String text) {
            return text;
        }
        if (value instanceof Map || value instanceof List) {
            StringBuilder json = new StringBuilder();
            JsonText.write(value, json);
            return json.toString();
        }
        return JsonText.scalar(value);
    }
}
