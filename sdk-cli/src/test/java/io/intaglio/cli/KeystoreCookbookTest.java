package io.intaglio.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of {@code docs/keystores.md}, run as they stand there. Skipped where openssl or a POSIX shell is missing. */
class KeystoreCookbookTest {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\n(.*?)^```");

    @TempDir
    Path folder;

    private static List<String> blocks() throws IOException {
        Path page = Stream.of("docs", "../docs")
                .map(docs -> Path.of(docs, "keystores.md"))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow();
        List<String> blocks = new ArrayList<>();
        Matcher found = BLOCK.matcher(Files.readString(page));
        while (found.find()) {
            blocks.add(found.group(1));
        }
        return blocks;
    }

    private static boolean has(String tool) {
        return Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
                .anyMatch(path -> Files.isExecutable(Path.of(path, tool)));
    }

    @Test
    void commands_inTheirOrder_allSucceed() throws Exception {
        Assumptions.assumeTrue(has("sh") && has("openssl"), "no sh or no openssl to run the cookbook with");
        Path home = Path.of(System.getProperty("java.home"));
        StringBuilder script = new StringBuilder("set -e\n")
                .append("PATH='")
                .append(home.resolve("bin"))
                .append("':\"$PATH\"\n")
                .append("intaglio() { java -XX:TieredStopAtLevel=1 -cp '")
                .append(System.getProperty("java.class.path"))
                .append("' io.intaglio.cli.Intaglio \"$@\"; }\n");
        List<String> blocks = blocks();
        assertThat(blocks).hasSizeGreaterThan(6);
        blocks.forEach(block -> script.append("echo '--- next block'\n").append(block));
        Path file = Files.writeString(folder.resolve("script"), script);
        Process shell = new ProcessBuilder("sh", file.toString())
                .directory(Files.createDirectory(folder.resolve("empty")).toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).as(said).isZero();
        assertThat(said)
                .contains(
                        "entry 1: private key and certificate", "ok: can be a client's identity", "ok: can be trusted")
                .contains("CN=desk-7,O=Desk,C=CH");
        assertThat(folder.resolve("empty")).isDirectoryContaining("glob:**/new.p12");
    }
}
