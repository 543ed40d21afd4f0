package io.intaglio.testkit;

import io.intaglio.signing.Field;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What goes back: an HTTP answer, or none. Mutable while it is being made, used by one thread. */
final class Answer {
    /** How the exchange ends. */
    enum Ending {
        ANSWER,
        CLOSE,
        RESET,
        HALF_CLOSE,
        RESET_IN_BODY
    }

    private final int status;
    private final String body;
    private final List<Field> headers = new ArrayList<>();
    private Ending ending = Ending.ANSWER;
    private Duration delay = Duration.ZERO;

    private Answer(int status, String contentType, String body) {
        this.status = status;
        this.body = body;
        header("Content-Type", contentType);
    }

    static Answer json(int status, Object value) {
        return new Answer(status, "application/json;charset=UTF-8", Json.write(value));
    }

    static Answer text(int status, String contentType, String body) {
        return new Answer(status, contentType, body);
    }

    static Answer html(int status, String text) {
        return new Answer(status, "text/html", "<html><body><b>" + text + "</b></body></html>");
    }

    static Answer nothing(Ending ending) {
        Answer answer = new Answer(0, "", "");
        answer.ending = ending;
        return answer;
    }

    Answer header(String name, String value) {
        headers.add(new Field(name, value));
        return this;
    }

    /** A whole number of seconds, rounded up, at least one. */
    Answer retryAfter(Duration wait) {
        long seconds = wait.plusNanos(999_999_999).toSeconds();
        return header("Retry-After", Long.toString(Math.max(1, seconds)));
    }

    Answer ending(Ending newEnding) {
        ending = newEnding;
        return this;
    }

    Answer after(Duration realTime) {
        delay = realTime;
        return this;
    }

    int status() {
        return status;
    }

    String body() {
        return body;
    }

    /** Bytes in the body. */
    int length() {
        return body.getBytes(StandardCharsets.UTF_8).length;
    }

    List<Field> headers() {
        return headers;
    }

    Ending ending() {
        return ending;
    }

    Duration delay() {
        return delay;
    }
}
