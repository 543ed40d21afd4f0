package io.intaglio.client.internal.pipeline;

import io.intaglio.client.internal.http.RawAnswer;
import io.intaglio.client.internal.json.JsonPointers;
import io.intaglio.signing.ApiRequest;
import io.intaglio.signing.venue.Meaning;
import io.intaglio.signing.venue.Venue;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads an answer by the venue's own error meanings, and by HTTP's where the venue says nothing. Thread-safe. */
final class AnswerReader {
    private final Venue venue;
    private final JsonPointers json = new JsonPointers();

    AnswerReader(Venue venue) {
        this.venue = venue;
    }

    /** @param isOfWeight whether the request places an order, moves money or asks about one: then a yes that cannot be read to its end is none */
    Verdict read(ApiRequest request, RawAnswer answer, boolean isOfWeight, Instant now) {
        int status = answer.status();
        boolean ok = status >= 200 && status < 300;
        if (ok && isOfWeight && !json.isWhole(answer.body())) {
            return new Verdict(Verdict.Kind.UNKNOWN_OUTCOME, null, "", null);
        }
        if (ok && !refuses(answer)) {
            return new Verdict(Verdict.Kind.ACCEPTED, null, "", null);
        }
        String code = code(answer);
        String text = code == null ? "" : code;
        Meaning meaning = code == null ? venue.meaningOf("HTTP " + status).orElse(null) : meaning(code, answer);
        Verdict.Kind kind = kind(status, meaning, !venue.isRead(request));
        Duration wait = RetryAfter.of(answer, now);
        if (wait == null && (kind == Verdict.Kind.THROTTLED || kind == Verdict.Kind.BANNED)) {
            wait = venue.pauseAfter(status, text, answer.text(), now).orElse(null);
        }
        return new Verdict(kind, meaning, text, wait);
    }

    /** Whether it says no although its status is 2xx. */
    private boolean refuses(RawAnswer answer) {
        for (Map.Entry<String, Set<String>> flag : venue.refusalFlags().entrySet()) {
            String text = json.at(answer.body(), flag.getKey());
            if (text != null && flag.getValue().contains(text)) {
                return true;
            }
        }
        String code = venue.hasErrorsInOkAnswers() ? code(answer) : null;
        return code != null && venue.refusesWith(code);
    }

    private static Verdict.Kind kind(int status, @Nullable Meaning meaning, boolean mayAct) {
        if (meaning == Meaning.BANNED || status == 418) {
            return Verdict.Kind.BANNED;
        }
        if (meaning == Meaning.THROTTLED || meaning == null && status == 429) {
            return Verdict.Kind.THROTTLED;
        }
        if (meaning == Meaning.UNKNOWN_OUTCOME || meaning == null && saysNothing(status, mayAct)) {
            return Verdict.Kind.UNKNOWN_OUTCOME;
        }
        return Verdict.Kind.REFUSED;
    }

    /** A redirect too, which is never followed: it may send to the result of what was done (303). A read that it answers is refused, and stays so. */
    private static boolean saysNothing(int status, boolean mayAct) {
        return status == 408 || status >= 500 || mayAct && status >= 300 && status < 400;
    }

    /** Of the code, and where the venue gives one code to several errors, of its text. */
    private @Nullable Meaning meaning(String code, RawAnswer answer) {
        Meaning meaning = venue.meaningOf(code).orElse(null);
        for (String pointer : venue.errorPointers()) {
            String text = meaning == null ? json.at(answer.body(), pointer) : null;
            if (text != null) {
                meaning = venue.meaningOf(text).orElse(null);
            }
        }
        return meaning;
    }

    private @Nullable String code(RawAnswer answer) {
        for (String pointer : venue.errorPointers()) {
            String code = json.at(answer.body(), pointer);
            if (code != null && !code.isEmpty()) {
                return code;
            }
        }
        return null;
    }
}
