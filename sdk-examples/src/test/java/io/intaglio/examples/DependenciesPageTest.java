package io.intaglio.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/dependencies.md} gives a reason for each jar that a published module may bring, and for no other. */
class DependenciesPageTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([\\w.:-]+)` \\| ([^|]+) \\| ([^|]+) \\|$");
    private static final Pattern ALLOWED = Pattern.compile("<include>([\\w.:-]+)</include>");

    @Test
    void page_jarsOfEveryPublishedModule_areThoseThatItsPomAllows() throws Exception {
        Map<String, Set<String>> allowed = new TreeMap<>();
        for (Path pom : published()) {
            String name = pom.getParent().getFileName().toString().replace("sdk-", "");
            Matcher jars = ALLOWED.matcher(Files.readString(pom));
            while (jars.find()) {
                if (!jars.group(1).startsWith("io.intaglio:")) {
                    allowed.computeIfAbsent(jars.group(1), jar -> new TreeSet<>())
                            .add(name);
                }
            }
        }
        Map<String, Set<String>> explained = new TreeMap<>();
        Matcher rows = ROW.matcher(Files.readString(Path.of("../docs/dependencies.md")));
        while (rows.find()) {
            explained.put(rows.group(1), new TreeSet<>(List.of(rows.group(2).split(", "))));
        }
        assertThat(allowed).hasSizeGreaterThan(15);
        assertThat(explained).isEqualTo(allowed);
    }

    /** The poms of the modules with jars that are published. Each has to have a list. */
    private static List<Path> published() throws IOException {
        try (Stream<Path> folders = Files.list(Path.of(".."))) {
            List<Path> poms = folders.map(folder -> folder.resolve("pom.xml"))
                    .filter(Files::isRegularFile)
                    .filter(pom -> contains(pom, "<unpublished>false</unpublished>")
                            && !contains(pom, "<packaging>pom</packaging>"))
                    .toList();
            assertThat(poms).hasSizeGreaterThan(3).allMatch(pom -> contains(pom, "<bannedDependencies>"));
            return poms;
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return Files.readString(file).contains(text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
