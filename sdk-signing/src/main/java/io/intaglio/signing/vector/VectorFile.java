package io.intaglio.signing.vector;

import io.intaglio.signing.internal.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A file of golden vectors of one venue, in JSON: {@code venue}, {@code source}, {@code cases}. Every key in it is public and protects
 * nothing.
 *
 * @param venue name of the venue the cases are for
 * @param source where the expected values come from
 * @param cases in file order
 */
public record VectorFile(String venue, String source, List<VectorCase> cases) {
    /** Copies the list. */
    public VectorFile {
        cases = List.copyOf(cases);
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException naming the file and what is wrong with it
     */
    public static VectorFile read(Path file) {
        try {
            return parse(Files.readAllBytes(file), file.toString());
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "vector file " + file + " cannot be read: " + e.getClass().getSimpleName(), e);
        }
    }

    /**
     * Reads the text of a file.
     *
     * @param subject how messages call it
     */
    public static VectorFile parse(byte[] json, String subject) {
        Object root;
        try {
            root = JsonReader.read(json);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("vector file " + subject + " " + e.getMessage(), e);
        }
        if (!(root instanceof Map<?, ?> map)
                || !(map.get("venue") instanceof String venue)
                || !(map.get("cases") instanceof List<?> list)) {
            throw new IllegalArgumentException(
                    "vector file " + subject + " must be an object with 'venue' and 'cases'");
        }
        String source = String.valueOf(map.get("source"));
        List<VectorCase> cases = new ArrayList<>();
        for (Object element : list) {
            if (!(element instanceof Map<?, ?> members)) {
                throw new IllegalArgumentException("vector file " + subject + " has a case that is not an object");
            }
            cases.add(new VectorCase(venue, source, new Json(members, subject + ", case " + members.get("name"))));
        }
        return new VectorFile(venue, source, cases);
    }
}
