package io.intaglio.client.oauth;

import io.intaglio.client.internal.http.RawAnswer;
import io.intaglio.client.internal.json.JsonPointers;
import io.intaglio.signing.Explanation;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * An error answer (RFC 6749 section 5.2).
 *
 * @param error the code, empty when it has none
 * @param description what the server adds, in a form that may be shown; may be empty
 */
record Refusal(String error, String description) {
    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_.:/-]{1,64}");

    /** What could be a token, an assertion or a secret that the server repeats. */
    private static final Pattern LONG_WORD = Pattern.compile("[A-Za-z0-9_+/=.~%-]{20,}");

    private static final int MOST_SHOWN = 160;

    static Refusal of(RawAnswer answer) {
        JsonPointers json = new JsonPointers();
        String code = json.at(answer.body(), "/error");
        String description = json.at(answer.body(), "/error_description");
        return new Refusal(
                code != null && CODE.matcher(code).matches() ? code : "", description == null ? "" : safe(description));
    }

    String shown() {
        return (error.isEmpty() ? "" : " " + error) + (description.isEmpty() ? "" : " '" + description + "'");
    }

    static String safe(String text) {
        String shown = LONG_WORD
                .matcher(Explanation.show(text.getBytes(StandardCharsets.UTF_8)))
                .replaceAll("...");
        return shown.length() > MOST_SHOWN ? shown.substring(0, MOST_SHOWN) + "..." : shown;
    }
}
