package io.intaglio.testkit;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A request with its parameters read. */
final class Call {
    private final ReceivedRequest request;
    private final byte[] body;
    private final boolean fundless;
    private final Map<String, String> parameters;

    /**
     * @param fundless whether an order is to be refused for lack of money
     */
    Call(ReceivedRequest request, boolean fundless) {
        this.request = request;
        this.body = request.bodyBytes();
        this.fundless = fundless;
        this.parameters = new LinkedHashMap<>();
        read(rawQuery());
        Map<String, String> members = isJson() ? Json.members(body) : null;
        if (members != null) {
            parameters.putAll(members);
        } else {
            read(text());
        }
    }

    ReceivedRequest request() {
        return request;
    }

    String method() {
        return request.method();
    }

    /** Path as sent. */
    String path() {
        return request.path();
    }

    /** Query as sent, without the question mark. */
    String rawQuery() {
        int query = target().indexOf('?');
        return query < 0 ? "" : target().substring(query + 1);
    }

    /** Path and query as sent. */
    String target() {
        return request.target();
    }

    /** A header's value, empty when absent. */
    String header(String name) {
        return request.header(name).orElse("");
    }

    byte[] body() {
        return body;
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The venue's time of arrival. */
    Instant now() {
        return request.at();
    }

    boolean fundless() {
        return fundless;
    }

    /** A parameter of query, form or JSON object; empty when absent. */
    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    boolean has(String name) {
        return !parameter(name).isEmpty();
    }

    /** The first of these parameters that is absent, empty when all are there. */
    String missing(String... names) {
        for (String name : names) {
            if (!has(name)) {
                return name;
            }
        }
        return "";
    }

    /** All parameters but those that authenticate. */
    Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>(parameters);
        fields.keySet().removeAll(List.of("signature", "timestamp", "recvWindow", "nonce", "otp"));
        return fields;
    }

    boolean is(String method, String path) {
        return method().equals(method) && path().equals(path);
    }

    private boolean isJson() {
        String start = text().stripLeading();
        return start.startsWith("{");
    }

    private void read(String encoded) {
        if (encoded.isEmpty()) {
            return;
        }
        for (String pair : List.of(encoded.split("&", -1))) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            parameters.put(decoded(name), equals < 0 ? "" : decoded(pair.substring(equals + 1)));
        }
    }

    /** Undecodable text stands for itself: a venue would refuse it by its signature or its value. */
    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException brokenEscape) {
            return text;
        }
    }
}
