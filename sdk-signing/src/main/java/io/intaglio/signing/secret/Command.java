package io.intaglio.signing.secret;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs one program without a shell and takes what it writes to standard output. Standard error is thrown away unread. */
final class Command {
    private static final int MAX_BYTES = 1 << 16;

    private final List<String> words;
    private final Duration limit;

    Command(List<String> words, Duration limit) {
        this.words = words;
        this.limit = limit;
    }

    /** Words apart by blanks; single or double quotes hold blanks together, and nothing else is special. */
    static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quote != 0 ? c == quote : c == '"' || c == '\'') {
                quote = quote == 0 ? c : 0;
                inWord = true;
            } else if (quote == 0 && Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                }
                word.setLength(0);
                inWord = false;
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (quote != 0) {
            throw new SecretException("exec: has a quote that is not closed; close it");
        }
        if (inWord) {
            words.add(word.toString());
        }
        if (words.isEmpty()) {
            throw new SecretException("exec: names no program; write exec:/path/to/program and its arguments");
        }
        return words;
    }

    private String subject() {
        return "command " + words.get(0);
    }

    /**
     * The output without one line break at its end, or nothing when the program ended with another status than 0.
     *
     * @throws SecretException when it cannot be started, runs too long or writes too much
     */
    Optional<Secret> run() {
        Process process = start();
        FutureTask<byte[]> reading = new FutureTask<>(() -> read(process.getInputStream()));
        // a thread of its own: a child of the program may hold the pipe open after the program is gone
        Thread reader = new Thread(reading, "intaglio-secret-command");
        reader.setDaemon(true);
        reader.start();
        byte[] output = new byte[0];
        try {
            process.getOutputStream().close();
            output = reading.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (output.length > MAX_BYTES) {
                throw new SecretException(subject() + " writes more than 64 KiB; is it the right command?");
            }
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw tooLong();
            }
            return process.exitValue() == 0 ? Optional.of(Secret.ofLine(output)) : Optional.empty();
        } catch (TimeoutException e) {
            throw tooLong();
        } catch (IOException | ExecutionException e) {
            throw new SecretException(subject() + " could not be read; run it by hand to see why", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SecretException(subject() + " was waited for by a thread that was interrupted; try again");
        } finally {
            Arrays.fill(output, (byte) 0);
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private SecretException tooLong() {
        return new SecretException(subject() + " takes longer than " + limit.toSeconds()
                + " s; does it ask for something? it gets no input here");
    }

    private Process start() {
        try {
            return new ProcessBuilder(words)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) { // the JDK's message shows the environment's path alone, but a cause is not needed
            throw new SecretException(subject() + " cannot be started; check that it is installed and executable");
        }
    }

    private static byte[] read(InputStream in) throws IOException {
        byte[] buffer = new byte[MAX_BYTES + 1];
        try (in) {
            int length = in.readNBytes(buffer, 0, buffer.length);
            return Arrays.copyOf(buffer, length);
        } finally {
            Arrays.fill(buffer, (byte) 0);
        }
    }
}
