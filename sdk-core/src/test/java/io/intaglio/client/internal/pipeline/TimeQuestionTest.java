package io.intaglio.client.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.client.internal.http.RawAnswer;
import io.intaglio.signing.Field;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeQuestionTest {
    private static Optional<Instant> dateOf(String... dates) {
        List<Field> headers =
                Stream.of(dates).map(date -> new Field("date", date)).toList();
        return TimeQuestion.dateOf(new RawAnswer(200, headers, new byte[0]), 1, 2)
                .map(TimeQuestion.Sample::time);
    }

    @Test
    void dateOf_oneHeader_isRead() {
        assertThat(dateOf("Sun, 01 Mar 2026 12:00:00 GMT")).contains(Instant.parse("2026-03-01T12:00:00Z"));
    }

    @Test
    void dateOf_noneOrTwo_isNothing() {
        assertThat(dateOf()).isEmpty();
        assertThat(dateOf("Sun, 01 Mar 2026 12:00:00 GMT", "Sun, 01 Mar 2026 12:00:00 GMT"))
                .isEmpty();
        assertThat(dateOf("Sun, 01 Mar 2026 12:00:00 GMT", "Sun, 01 Mar 2026 11:00:00 GMT"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "2026-03-01T12:00:00Z",
                "1772366400",
                "Mon, 01 Mar 2026 12:00:00 GMT",
                "Sun, 31 Feb 2026 12:00:00 GMT",
                "Sun, 01 Mar 2026 25:00:00 GMT",
                "Sun, 01 Mar 2026 12:00:00",
                "Sun, 01 Mar 2026 12:00:00 GMT, Sun, 01 Mar 2026 12:00:00 GMT"
            })
    void dateOf_malformed_isNothing(String date) {
        assertThat(dateOf(date)).isEmpty();
    }
}
