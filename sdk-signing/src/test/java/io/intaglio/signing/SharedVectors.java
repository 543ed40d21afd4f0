package io.intaglio.signing;

import io.intaglio.signing.internal.JsonReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Third-party vectors, which are not part of this project. Looks for them under the folder named by the system property
 * {@code intaglio.shared}; where they are missing, the test is skipped and says so.
 */
public final class SharedVectors {
    private SharedVectors() {}

    /** A file or folder of vectors, or the test is skipped. */
    public static Path path(String name) {
        String shared = System.getProperty("intaglio.shared");
        Assumptions.assumeTrue(shared != null, "set the system property intaglio.shared to run third-party vectors");
        Path path = Path.of(Objects.requireNonNull(shared), "vectors/standards", name);
        Assumptions.assumeTrue(Files.exists(path), () -> path + " is not there");
        return path;
    }

    /** The JSON value of a file. */
    public static Object json(Path file) {
        try {
            return Objects.requireNonNull(JsonReader.read(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The objects of a file that is an array. */
    public static List<Node> cases(String name) {
        return Node.list(json(path(name)));
    }

    /** The files in a folder. */
    public static List<Path> files(String folder, String suffix) {
        try (Stream<Path> files = Files.list(path(folder))) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A JSON object. */
    public record Node(Map<?, ?> members) {

        /** The objects of an array. */
        public static List<Node> list(Object array) {
            return ((List<?>) array)
                    .stream().map(element -> new Node((Map<?, ?>) element)).toList();
        }

        public boolean has(String name) {
            return members.get(name) != null;
        }

        public boolean is(String name) {
            return Boolean.TRUE.equals(members.get(name));
        }

        public Node node(String name) {
            return new Node((Map<?, ?>) member(name));
        }

        public List<Node> nodes(String name) {
            return list(member(name));
        }

        public String text(String name) {
            return (String) member(name);
        }

        public Optional<String> maybeText(String name) {
            return Optional.ofNullable((String) members.get(name));
        }

        public List<String> texts(String name) {
            return ((List<?>) member(name)).stream().map(String.class::cast).toList();
        }

        /** Pairs of name and value. */
        public List<Field> fields(String name) {
            return ((List<?>) member(name))
                    .stream()
                            .map(pair -> new Field((String) ((List<?>) pair).get(0), (String) ((List<?>) pair).get(1)))
                            .toList();
        }

        public int number(String name) {
            return ((Number) member(name)).intValue();
        }

        public byte[] bytes(String name) {
            return HexFormat.of().parseHex(text(name));
        }

        public Object member(String name) {
            return Objects.requireNonNull(members.get(name), name);
        }
    }
}
