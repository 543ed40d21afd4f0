package io.intaglio.signing;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Deep, checked, unmodifiable copies of the plain Java values that stand for JSON. */
final class JsonTree {
    private static final int MAX_DEPTH = 64;

    private JsonTree() {}

    static Object copyOf(Object value) {
        Object copy = copy(value, "$", 0);
        if (copy == null) {
            throw new IllegalArgumentException("a JSON body cannot be null; use Body.none()");
        }
        return copy;
    }

    /** A copy of an object's tree with one member more or another value in its place. What is copied already is not copied again. */
    static Object with(Map<?, ?> copied, String name, @Nullable Object value) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>(copied.size() * 2 + 2);
        copied.forEach((key, member) -> members.put((String) key, member));
        members.put(name, member(name, value, "$", 0));
        return Collections.unmodifiableMap(members);
    }

    private static @Nullable Object member(String name, @Nullable Object value, String where, int depth) {
        return value == null || isScalar(value) ? value : copy(value, where + "." + name, depth + 1);
    }

    private static boolean isScalar(Object value) {
        return value instanceof String
                || value instanceof Boolean
                || value instanceof Integer
                || value instanceof Long
                || value instanceof BigInteger
                || value instanceof BigDecimal;
    }

    private static @Nullable Object copy(@Nullable Object value, String where, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("JSON at " + where + " is nested deeper than " + MAX_DEPTH + " levels");
        }
        if (value == null || isScalar(value)) {
            return value;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> copy = new LinkedHashMap<>(map.size() * 2);
            for (Map.Entry<?, ?> member : map.entrySet()) {
                if (!(member.getKey() instanceof String name)) {
                    throw new IllegalArgumentException("JSON at " + where + " has a member name that is not text");
                }
                copy.put(name, member(name, member.getValue(), where, depth));
            }
            return Collections.unmodifiableMap(copy);
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>(list.size());
            for (Object element : list) {
                copy.add(copy(element, where + "[" + copy.size() + "]", depth + 1));
            }
            return Collections.unmodifiableList(copy);
        }
        String hint = value instanceof Double || value instanceof Float
                ? "; binary floating point cannot hold an amount exactly, give a BigDecimal or text"
                : "; give text, BigDecimal, long, boolean, a List or a Map";
        throw new IllegalArgumentException(
                "JSON at " + where + " is a " + value.getClass().getSimpleName() + hint);
    }
}
