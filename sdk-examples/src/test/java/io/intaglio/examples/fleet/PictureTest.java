package io.intaglio.examples.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PictureTest {
    /** Four processes in real time, so with -Dintaglio.slow=true alone. */
    @Test
    void run_fourProcesses_noneIsRefusedAndAllAreDrawn() throws Exception {
        assumeTrue(
                Boolean.getBoolean("intaglio.slow") && Picture.redisIsHere(),
                "needs redis-server, and -Dintaglio.slow=true");
        Picture.Run run = Picture.run(Duration.ofSeconds(32));
        assertThat(run.count("refused")).isZero();
        assertThat(run.answers().stream().map(Picture.Answer::desk).distinct()).hasSize(Picture.DESKS);
        assertThat(run.count("accepted")).isGreaterThan(600);
    }

    @Test
    void drawn_isOneFileWithTheLimitAndEachDesk() {
        Picture.Run run = new Picture.Run(
                List.of(new Picture.Answer(0, 4_500, "accepted"), new Picture.Answer(3, 5_000, "accepted")),
                4_000,
                12_000,
                8_000,
                9_000);
        assertThat(Picture.drawn(run))
                .contains("200 calls", "desk 1", "desk 4", "2 calls were accepted, 0 refused", "Redis is away")
                .doesNotContain("<script", "href=");
    }
}
