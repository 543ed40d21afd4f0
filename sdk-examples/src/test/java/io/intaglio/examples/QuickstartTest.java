package io.intaglio.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class QuickstartTest {
    @Test
    void run_againstTheSimulatedVenue_doesEverythingAsItShould() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean ok = Quickstart.run(new Transcript(new PrintStream(out, true, StandardCharsets.UTF_8)));
        String text = out.toString(StandardCharsets.UTF_8);
        assertThat(ok).as(text).isTrue();
        assertThat(text)
                .contains("corrected with one retry")
                .contains("placed once")
                .doesNotContain("FAILED");
    }

    @Test
    void step_thatFails_isShownAndFailsTheRun() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Transcript transcript = new Transcript(new PrintStream(out, true, StandardCharsets.UTF_8));
        transcript.step("good", () -> "fine");
        transcript.step("bad", () -> {
            throw new IllegalStateException("broken");
        });
        assertThat(transcript.close()).isFalse();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("FAILED: IllegalStateException: broken");
    }
}
