package io.intaglio.cli;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** JSON as common libraries would write the same value again. */
final class Reserialised {
    private Reserialised() {}

    static String compact(@Nullable Object value) {
        return write(value, ",", ":", false);
    }

    /** As Python's json.dumps does unless told otherwise. */
    static String spaced(@Nullable Object value) {
        return write(value, ", ", ": ", false);
    }

    static String sorted(@Nullable Object value) {
        return write(value, ",", ":", true);
    }

    private static String write(@Nullable Object value, String comma, String colon, boolean sort) {
        StringBuilder out = new StringBuilder();
        if (value instanceof Map<?, ?> map) {
            String between = "{";
            for (Map.Entry<?, ?> member : (sort ? new TreeMap<>(map) : map).entrySet()) {
                out.append(between)
                        .append(Json.text(String.valueOf(member.getKey())))
                        .append(colon)
                        .append(write(member.getValue(), comma, colon, sort));
                between = comma;
            }
            return out.append(map.isEmpty() ? "{}" : "}").toString();
        }
        if (value instanceof List<?> list) {
            String between = "[";
            for (Object element : list) {
                out.append(between).append(write(element, comma, colon, sort));
                between = comma;
            }
            return out.append(list.isEmpty() ? "[]" : "]").toString();
        }
        return Json.text(value);
    }
}
