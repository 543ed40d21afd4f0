package io.intaglio.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command prints and writes does not reach its end. */
class OutputTest {
    private static final Path FULL = Path.of("/dev/full"); // a disk without room, on Linux
    private static final String INCOMPLETE = "intaglio: standard output could not be written to its end; "
            + "do not use what is there, check the room on the disk, and run the command again"
            + System.lineSeparator();

    @TempDir
    Path folder;

    /** The command in a JVM of its own: its exit status and what it printed as errors. */
    private Command inOwnJvm(List<String> before, File out, String... args) throws Exception {
        List<String> words = new ArrayList<>(before);
        words.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData", // a file of the JVM, which a limit on files would hit first
                "-cp",
                System.getProperty("java.class.path"),
                "io.intaglio.cli.Intaglio"));
        words.addAll(List.of(args));
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(words)
                .redirectOutput(out)
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Command(process.exitValue(), "", Files.readString(err));
    }

    @Test
    void main_diskIsFull_isAFaultInOneLine() throws Exception {
        assumeTrue(Files.exists(FULL), "needs /dev/full");
        assertThat(inOwnJvm(List.of(), FULL.toFile(), "venues")).isEqualTo(new Command(ExitCode.FAULT, "", INCOMPLETE));
    }

    @Test
    void run_readerHasClosedThePipe_isAFaultInOneLine() throws IOException {
        Pipe pipe = Pipe.open();
        pipe.source().close();
        assertThat(runTo(pipe, "venues")).isEqualTo(new Command(ExitCode.FAULT, "", INCOMPLETE));
    }

    @Test
    void run_outputFailsAfterAFault_keepsTheStatusOfTheFault() throws IOException {
        Pipe pipe = Pipe.open();
        pipe.source().close();
        Command run = runTo(pipe, "audit", "export", folder.toString(), "--csv", "--json");
        assertThat(run.status()).isEqualTo(ExitCode.USAGE);
    }

    private static Command runTo(Pipe pipe, String... args) {
        StringWriter err = new StringWriter();
        try (PrintWriter out = new PrintWriter(Channels.newOutputStream(pipe.sink()), false, UTF_8)) {
            int status = Intaglio.run(out, new PrintWriter(err), args);
            return new Command(status, "", err.toString());
        }
    }

    @Test
    void generate_roomEndsWithinTheKey_leavesNoPartOfIt() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")) && Files.exists(FULL), "needs a POSIX shell and Linux");
        Path key = folder.resolve("desk.pem");
        // no file may pass one block, of 512 or 1024 bytes; the key has 1.7 KB, standard error goes to a file too
        Command made = inOwnJvm(
                List.of("/bin/sh", "-c", "ulimit -f 1 && exec \"$@\"", "sh"),
                Path.of("/dev/null").toFile(),
                "keys",
                "generate",
                "rsa",
                "--out",
                key.toString());
        assertThat(made.status()).as(made.err()).isEqualTo(ExitCode.FAULT);
        assertThat(made.err()).contains("file " + key + " cannot be written (IOException)");
        assertThat(key).doesNotExist();
    }
}
