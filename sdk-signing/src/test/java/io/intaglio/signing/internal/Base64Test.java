package io.intaglio.signing.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Base64Test {
    @Test
    void base64_everyLength_agreesWithTheJdk() {
        Random random = new Random(7);
        for (int length = 0; length < 100; length++) {
            byte[] data = new byte[length + 3];
            random.nextBytes(data);
            byte[] out = new byte[200];
            Codecs.base64(data, 2, length, out, 5);
            byte[] wanted = Base64.getEncoder().encode(Arrays.copyOfRange(data, 2, 2 + length));
            assertThat(Arrays.copyOfRange(out, 5, 5 + wanted.length)).isEqualTo(wanted);
            assertThat(out[5 + wanted.length]).isZero();
        }
    }
}
