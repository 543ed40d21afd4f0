package io.intaglio.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads files named on the command line; {@code -} is standard input. */
final class Files {
    private Files() {}

    static byte[] bytes(Path file) {
        try {
            return file.toString().equals("-") ? System.in.readAllBytes() : java.nio.file.Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("there is no file " + file, e);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "file " + file + " cannot be read: " + e.getClass().getSimpleName(), e);
        }
    }

    static String text(Path file) {
        return new String(bytes(file), StandardCharsets.UTF_8);
    }
}
