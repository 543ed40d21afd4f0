package io.intaglio.signing.scheme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.intaglio.signing.SigningException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is written is what the JDK's encoders give, from every starting size and across every growth. */
class ByteSinkTest {
    private static final int[] EDGES = {
        0, 0x20, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x1f600, 0x10ffff
    };

    @Test
    void text_everyEdgeOfUtf8_isAsTheJdkEncodesIt() {
        for (int edge : EDGES) {
            String text = "a" + new String(Character.toChars(edge)) + "b";
            ByteSink sink = new ByteSink(0);
            sink.text(text);
            assertThat(sink.toByteArray()).as("U+%x", edge).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
            assertThat(sink.asText()).isEqualTo(text);
            assertThat(sink.size()).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
        }
    }

    @Test
    void text_halfOfAPair_isRefusedWithItsPlace() {
        for (String half : List.of("\ud800", "\udbff", "\udc00", "\udfff")) {
            assertThatThrownBy(() -> new ByteSink(8).text("ab" + half))
                    .isInstanceOf(SigningException.class)
                    .hasMessage("a text holds half of a surrogate pair (U+"
                            + Integer.toHexString(half.charAt(0))
                            + ") at position 3, which has no UTF-8 form; give whole characters");
        }
    }

    @Test
    void writes_mixedFromAnySize_areOneAfterTheOther() throws Exception {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            ByteSink sink = new ByteSink(round % 5);
            var wanted = new java.io.ByteArrayOutputStream();
            for (int i = 0; i < 30; i++) {
                byte[] bytes = new byte[random.nextInt(6)];
                random.nextBytes(bytes);
                switch (random.nextInt(5)) {
                    case 0 -> {
                        sink.write(200 + i);
                        wanted.write(200 + i);
                    }
                    case 1 -> {
                        sink.write(bytes);
                        wanted.write(bytes);
                    }
                    case 2 -> {
                        int from = bytes.length / 2;
                        sink.write(bytes, from, bytes.length - from);
                        wanted.write(bytes, from, bytes.length - from);
                    }
                    case 3 -> {
                        long number = random.nextLong() >>> 1 + random.nextInt(62);
                        sink.decimal(number);
                        wanted.write(Long.toString(number).getBytes(StandardCharsets.US_ASCII));
                    }
                    default -> {
                        ByteSink other = new ByteSink(64);
                        other.write(bytes);
                        sink.append(other);
                        wanted.write(bytes);
                    }
                }
            }
            assertThat(sink.toByteArray()).isEqualTo(wanted.toByteArray());
            assertThat(sink.size()).isEqualTo(wanted.size());
        }
    }

    @Test
    void decimal_edges_areWritten() {
        for (long value : new long[] {0, 9, 10, 99, 100, Long.MAX_VALUE}) {
            ByteSink sink = new ByteSink(0);
            sink.decimal(value);
            assertThat(sink.asText()).isEqualTo(Long.toString(value));
        }
        assertThatThrownBy(() -> new ByteSink(0).decimal(-1))
                .isInstanceOf(SigningException.class)
                .hasMessage("a timestamp before 1970 (-1) cannot be signed; check the clock");
    }

    @Test
    void json_values_areCompact() {
        ByteSink sink = new ByteSink(0);
        sink.write('=');
        sink.json(Arrays.asList(
                "", "a b", " ~", "\"", "\\", "\u001f", "\u00e9", 1, true, null, List.of(), Map.of(), Map.of("k", "v")));
        assertThat(sink.asText())
                .isEqualTo(
                        "=[\"\",\"a b\",\" ~\",\"\\\"\",\"\\\\\",\"\\u001f\",\"\u00e9\",1,true,null,[],{},{\"k\":\"v\"}]");
    }

    @Test
    void truncate_andTextFrom_keepTheBeginning() {
        ByteSink sink = ByteSink.owning("abcdef".getBytes(StandardCharsets.US_ASCII));
        assertThat(sink.textFrom(2)).isEqualTo("cdef");
        sink.truncate(3);
        assertThat(sink.asText()).isEqualTo("abc");
        sink.write('!');
        assertThat(sink.asText()).isEqualTo("abc!");
    }

    @Test
    void handOver_arrayThatIsMostlyUnused_isCopied() {
        ByteSink full = new ByteSink(129);
        full.write('a');
        assertThat(full.handOver()).isSameAs(full.array()).hasSize(129);
        ByteSink loose = new ByteSink(130);
        loose.write('a');
        assertThat(loose.handOver()).isEqualTo(new byte[] {'a'});
    }
}
