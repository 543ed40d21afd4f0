package io.intaglio.signing.scheme;

import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.Body;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Conditions on a request, for steps and parts that do not apply to every call. Any {@code Predicate<ApiRequest>} will do in their place. */
public final class When {
    private When() {}

    /** Every call. */
    public static Predicate<ApiRequest> always() {
        return request -> true;
    }

    /** One of these methods. */
    public static Predicate<ApiRequest> method(String... methods) {
        List<String> wanted = List.of(methods);
        return request -> wanted.contains(request.method());
    }

    /** The path begins with one of these. */
    public static Predicate<ApiRequest> pathStarts(String... prefixes) {
        // Most calls match none, and the prefixes of a venue begin alike: look first at the character where they begin
        // to differ.
        String[] wanted = prefixes.clone();
        String common = commonPrefix(wanted);
        if (List.of(wanted).contains(common)) {
            return request -> request.path().startsWith(common);
        }
        char[] next = new char[wanted.length];
        for (int i = 0; i < next.length; i++) {
            next[i] = wanted[i].charAt(common.length());
        }
        return request -> {
            String path = request.path();
            if (path.length() > common.length()) {
                char c = path.charAt(common.length());
                for (int i = 0; i < next.length; i++) {
                    if (next[i] == c && path.startsWith(wanted[i])) {
                        return true;
                    }
                }
            }
            return false;
        };
    }

    private static String commonPrefix(String[] texts) {
        String common = texts.length == 0 ? "" : texts[0];
        for (String text : texts) {
            while (!text.startsWith(common)) {
                common = common.substring(0, common.length() - 1);
            }
        }
        return common;
    }

    /** The path ends with one of these. */
    public static Predicate<ApiRequest> pathEnds(String... suffixes) {
        List<String> wanted = List.of(suffixes);
        return request -> wanted.stream().anyMatch(request.path()::endsWith);
    }

    /** The caller gave this attribute. */
    public static Predicate<ApiRequest> attribute(String name) {
        return request -> request.attributes().containsKey(name);
    }

    /** The caller gave query fields. */
    public static Predicate<ApiRequest> query() {
        return request -> !request.query().isEmpty();
    }

    /** The caller gave a body with something in it: not an empty form, an empty JSON object or no bytes. */
    public static Predicate<ApiRequest> body() {
        return request -> !isEmpty(request.body());
    }

    /** The body is a form. */
    public static Predicate<ApiRequest> form() {
        return request -> request.body() instanceof Body.Form;
    }

    /** The body is JSON of any kind. */
    public static Predicate<ApiRequest> json() {
        return request -> request.body() instanceof Body.Json;
    }

    /** The body is a JSON array. */
    public static Predicate<ApiRequest> jsonArray() {
        return request -> request.body() instanceof Body.Json json && json.value() instanceof List;
    }

    static boolean isEmpty(Body body) {
        return body instanceof Body.None
                || body instanceof Body.Form form && form.fields().isEmpty()
                || body instanceof Body.Json json && json.value() instanceof Map<?, ?> members && members.isEmpty()
                || body instanceof Body.Raw raw && raw.bytes().length == 0;
    }
}
