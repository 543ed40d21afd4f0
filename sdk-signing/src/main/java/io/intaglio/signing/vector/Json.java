package io.intaglio.signing.vector;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A JSON object of a vector file, with getters that say what is missing where. */
record Json(Map<?, ?> members, String subject) {

    boolean has(String name) {
        return members.get(name) != null;
    }

    @Nullable
    Object get(String name) {
        return members.get(name);
    }

    Optional<String> text(String name) {
        Object value = members.get(name);
        if (value instanceof BigDecimal number) {
            return Optional.of(number.toPlainString());
        }
        return value instanceof String text ? Optional.of(text) : Optional.empty();
    }

    String needText(String name) {
        return text(name).orElseThrow(() -> new IllegalArgumentException(subject + " lacks text '" + name + "'"));
    }

    Optional<Json> object(String name) {
        return members.get(name) instanceof Map<?, ?> map
                ? Optional.of(new Json(map, subject + ", " + name))
                : Optional.empty();
    }

    Json needObject(String name) {
        return object(name).orElseThrow(() -> new IllegalArgumentException(subject + " lacks object '" + name + "'"));
    }

    /** A list of name and value pairs, each value as text. */
    List<String[]> pairs(String name) {
        if (!(members.get(name) instanceof List<?> list)) {
            return List.of();
        }
        return list.stream()
                .map(element -> {
                    if (!(element instanceof List<?> pair) || pair.size() != 2) {
                        throw new IllegalArgumentException(subject + " has an entry in '" + name + "' that is no pair");
                    }
                    return new String[] {
                        String.valueOf(pair.get(0)),
                        pair.get(1) instanceof BigDecimal n ? n.toPlainString() : String.valueOf(pair.get(1))
                    };
                })
                .toList();
    }
}
