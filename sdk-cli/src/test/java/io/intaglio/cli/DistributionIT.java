package io.intaglio.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archives that are published, unpacked elsewhere and used as a stranger would. */
class DistributionIT {
    @TempDir
    static Path folder;

    private static Path home;

    private record Output(int status, String text) {}

    @BeforeAll
    static void unpack() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs a POSIX shell");
        Output tar = run("tar", "-xzf", archive(".tar.gz").toString(), "-C", folder.toString());
        assertThat(tar.status()).as(tar.text()).isZero();
        home = only(folder);
    }

    @Test
    void version_unpackedArchive_isThatOfTheJar() throws Exception {
        assertThat(run(home.resolve("bin/intaglio").toString(), "--version"))
                .isEqualTo(new Output(
                        0, "intaglio " + home.getFileName().toString().replace("intaglio-", "") + "\n"));
    }

    @Test
    void venues_calledThroughALink_areListed() throws Exception {
        Path link = Files.createSymbolicLink(
                folder.resolveSibling(folder.getFileName() + "-link"), home.resolve("bin/intaglio"));
        try {
            Output venues = run(link.toString(), "venues");
            assertThat(venues.status()).as(venues.text()).isZero();
            assertThat(venues.text().lines())
                    .anyMatch(line -> line.startsWith("binance "))
                    .anyMatch(line -> line.startsWith("kraken "));
        } finally {
            Files.delete(link);
        }
    }

    @Test
    void completion_bash_offersCommandsAndOptions() throws Exception {
        assumeTrue(run("bash", "--version").status() == 0, "needs bash");
        assertThat(completed("bash", "keysto")).contains("keystore");
        assertThat(completed("bash", "keystore", "ins")).contains("inspect");
        assertThat(completed("bash", "audit", "verify", "--js")).contains("--json");
    }

    @Test
    void completion_zsh_loads() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/zsh")) || Files.isExecutable(Path.of("/usr/bin/zsh")), "needs zsh");
        Output loaded = run(
                "zsh",
                "-f",
                "-c",
                "source " + home.resolve("completion/intaglio") + " && whence -w _complete_intaglio && echo loaded");
        assertThat(loaded)
                .as(loaded.text())
                .matches(output -> output.status() == 0 && output.text().endsWith("loaded\n"));
    }

    @Test
    void zip_holdsTheSameFiles() throws Exception {
        try (ZipFile zip = new ZipFile(archive(".zip").toFile())) {
            assertThat(zip.stream()
                            .filter(entry -> !entry.isDirectory())
                            .map(entry ->
                                    entry.getName().substring(entry.getName().indexOf('/') + 1))
                            .sorted())
                    .contains("bin/intaglio.cmd", "completion/intaglio", "LICENSE")
                    .containsExactlyElementsOf(files(home));
        }
    }

    /** What bash would offer after these words. The generated function asks for COMP_WORDS and answers in COMPREPLY. */
    private static List<String> completed(String shell, String... words) throws Exception {
        String script = "source '" + home.resolve("completion/intaglio") + "'\n"
                + "COMP_WORDS=(intaglio " + String.join(" ", words) + ")\n"
                + "COMP_CWORD=" + words.length + "\n"
                + "_complete_intaglio\n"
                + "printf '%s\\n' \"${COMPREPLY[@]}\"";
        Output output = run(shell, "-c", script);
        assertThat(output.status()).as(output.text()).isZero();
        return output.text().lines().map(String::strip).toList();
    }

    private static Path archive(String ending) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            return files.filter(file ->
                            file.getFileName().toString().matches("intaglio-[^/]*-dist" + ending.replace(".", "\\.")))
                    .findFirst()
                    .orElseThrow()
                    .toAbsolutePath();
        }
    }

    private static Path only(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.toList();
            assertThat(all).as("one folder in the archive").hasSize(1);
            return all.get(0);
        }
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private static Output run(String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process;
        try {
            process = builder.start();
        } catch (IOException absent) {
            return new Output(127, absent.getMessage());
        }
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Output(process.exitValue(), text);
    }
}
