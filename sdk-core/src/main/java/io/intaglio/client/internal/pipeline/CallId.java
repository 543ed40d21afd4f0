package io.intaglio.client.internal.pipeline;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.MDC;

/**
 * The id of a call on every line that its thread logs until the call ends. What was there before is not put back: loggers hand the ids of a thread on to
 * threads that it starts, where they would stay for ever.
 */
final class CallId {
    static final String KEY = "intaglio.call";

    private CallId() {}

    static void begin() {
        MDC.put(KEY, HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()));
    }

    static void end() {
        MDC.remove(KEY);
    }
}
