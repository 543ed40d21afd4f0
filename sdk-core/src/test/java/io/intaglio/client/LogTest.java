package io.intaglio.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client logs, at every level, and under which id. */
class LogTest {
    private static List<String> lines = List.of();

    @BeforeAll
    static void run(@TempDir Path folder) throws Exception {
        Path out = folder.resolve("out");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dslf4j.provider=" + PrintedLogs.class.getName(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LogWorkload.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        lines = Files.readAllLines(out);
        assertThat(child.exitValue()).as(String.join("\n", lines)).isZero();
    }

    private static Stream<String> logged(String with) {
        return lines.stream().filter(line -> line.startsWith("LOG ") && line.contains(with));
    }

    private static List<String> idsOf(String with) {
        return logged(with).map(line -> line.split(" ")[2]).distinct().toList();
    }

    @Test
    void send_linesOfACall_haveOneIdAndItsOwn() {
        assertThat(logged("path=/api/v3/openOrders")).hasSize(2); // the call, and the listener that failed at it
        assertThat(idsOf("path=/api/v3/openOrders")).singleElement().asString().matches("[0-9a-f]{16}");
        String first = logged("path=/api/v3/account").findFirst().orElseThrow();
        assertThat(first).contains("end=ACCEPTED", "status=200");
        assertThat(idsOf("path=/api/v3/openOrders")).doesNotContain(first.split(" ")[2]);
        assertThat(lines).anyMatch(line -> line.startsWith("LOG DEBUG") && line.contains("AttemptEnded"));
    }

    @Test
    void send_afterIt_threadHasNoIdLeft() {
        assertThat(lines.stream().filter(line -> line.startsWith("LEFT ")))
                .containsExactly("LEFT null", "LEFT null", "LEFT null");
    }

    @Test
    void send_effectUnknown_isAWarningAndForgesNoLine() {
        assertThat(lines).contains("EFFECT UNKNOWN");
        assertThat(logged("the venue may have acted"))
                .singleElement()
                .asString()
                .startsWith("LOG WARN ")
                .contains("forged");
        assertThat(lines).noneMatch(line -> line.startsWith("LOG WARN forged"));
    }

    @Test
    void lines_holdNoKeyIdAndNoSignature() {
        String keyId = lines.stream()
                .filter(line -> line.startsWith("KEY "))
                .findFirst()
                .orElseThrow()
                .substring(4);
        assertThat(logged(keyId)).isEmpty();
        assertThat(lines.stream().filter(line -> line.startsWith("LOG ")))
                .isNotEmpty()
                .noneMatch(line -> line.contains("signature=") || line.contains("?"));
    }
}
