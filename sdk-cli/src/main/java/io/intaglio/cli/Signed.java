package io.intaglio.cli;

import io.intaglio.signing.Field;
import io.intaglio.signing.Logon;
import io.intaglio.signing.SignedRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A signed request as the command prints it. */
final class Signed {
    private Signed() {}

    /** In the form of ARCHITECTURE's {@code sign --vectors --json}: what would be put on the wire. */
    static Map<String, @Nullable Object> json(String venue, @Nullable String name, SignedRequest signed) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("venue", venue);
        if (name != null) {
            json.put("case", name);
        }
        json.put("url", signed.url());
        Map<String, String> headers = new LinkedHashMap<>();
        for (Field header : signed.headers()) {
            headers.merge(header.name(), header.value(), (first, next) -> first + ", " + next);
        }
        json.put("headers", headers);
        json.put("body", signed.hasBody() ? signed.bodyText() : null);
        if (signed.isSigned()) {
            preHash(json, signed.preHash());
        }
        signed.signature().ifPresent(signature -> json.put("signature", signature));
        return json;
    }

    /** A log-on over another transport, in the same form: {@code fix} holds the tags, {@code wsParams} the frame's parameters, {@code frame} all of it. */
    static Map<String, @Nullable Object> json(String venue, String name, String method, Logon logon) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("venue", venue);
        json.put("case", name);
        json.put("url", null);
        json.put("headers", Map.of());
        json.put("body", null);
        if (method.equals("FIX")) {
            json.put("fix", logon.fields());
        } else {
            json.put("wsParams", logon.fields().getOrDefault("params", logon.fields()));
            json.put("frame", logon.json());
        }
        if (logon.preHash().length > 0) {
            preHash(json, logon.preHash());
        }
        logon.signature().ifPresent(signature -> json.put("signature", signature));
        return json;
    }

    static void preHash(Map<String, @Nullable Object> json, byte[] bytes) {
        try {
            json.put(
                    "prehash",
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString());
        } catch (CharacterCodingException binary) {
            json.put("prehashBase64", Base64.getEncoder().encodeToString(bytes));
        }
    }

    /** As an HTTP message. */
    static String text(SignedRequest signed) {
        StringBuilder text = new StringBuilder();
        text.append(signed.method()).append(' ').append(signed.url()).append('\n');
        for (Field header : signed.headers()) {
            text.append(header.name()).append(": ").append(header.value()).append('\n');
        }
        return signed.hasBody()
                ? text.append('\n').append(signed.bodyText()).append('\n').toString()
                : text.toString();
    }
}
