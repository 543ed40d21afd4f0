package io.intaglio.signing.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class JsonReaderTest {
    /** Found by fuzzing: the parser's own refusal has no location, and asking it for one failed. */
    @Test
    void read_nestedBeyondTheLimit_isRefusedAsDeclared() {
        assertThat(JsonReader.read(nested(500))).isNotNull();
        assertThatThrownBy(() -> JsonReader.read(nested(501)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nested too deep");
    }

    @Test
    void read_fault_isRefusedByItsPlaceAndNotByItsText() {
        assertThatThrownBy(() -> JsonReader.read("{\"secret\":hunter2}".getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("is not JSON: fault at line 1, column ")
                .hasMessageNotContaining("hunter2");
    }

    private static byte[] nested(int depth) {
        return ("[".repeat(depth) + "]".repeat(depth)).getBytes(UTF_8);
    }
}
