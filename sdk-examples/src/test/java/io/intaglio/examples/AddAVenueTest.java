package io.intaglio.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.intaglio.signing.vector.VectorCase;
import io.intaglio.signing.vector.VectorFile;
import io.intaglio.signing.venue.Venue;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/add-a-venue.md} shows a venue that compiles and vectors that it passes. */
class AddAVenueTest {
    private static final Path PAGE = Path.of("../docs/add-a-venue.md");

    @TempDir
    Path folder;

    @Test
    void page_classAndVectors_compileAndPass() throws Exception {
        String page = Files.readString(PAGE);
        String source = Pages.block(page, "java");
        assertThat(source.lines().count()).as("lines of the venue").isLessThan(60);
        Venue acme = compiled(source);
        VectorFile vectors =
                VectorFile.parse(Pages.block(page, "json").getBytes(StandardCharsets.UTF_8), "docs/add-a-venue.md");
        assertThat(vectors.cases()).hasSize(2);
        for (VectorCase vector : vectors.cases()) {
            assertThat(vector.differences(acme)).as(vector.name()).isEmpty();
        }
        assertThat(acme.name()).isEqualTo(vectors.venue());
    }

    /** Venues say their own package, so the class is loaded beside them by a loader that looks here first for it alone. */
    private Venue compiled(String source) throws Exception {
        Path file = Files.createDirectories(folder.resolve("io/intaglio/signing/venue"))
                .resolve("Acme.java");
        Files.writeString(file, source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(problems, null, StandardCharsets.UTF_8)) {
            List<String> options = List.of(
                    "-proc:none",
                    "-Xlint:all,-path",
                    "-Werror",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "-d",
                    folder.resolve("classes").toString());
            Files.createDirectories(folder.resolve("classes"));
            boolean ok = compiler.getTask(null, files, problems, options, null, files.getJavaFileObjects(file))
                    .call();
            assertThat(problems.getDiagnostics()).isEmpty();
            assertThat(ok).isTrue();
        }
        return venue();
    }

    private Venue venue() throws IOException, ReflectiveOperationException {
        URL[] here = {folder.resolve("classes").toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(here, AddAVenueTest.class.getClassLoader())) {
            return (Venue) loader.loadClass("io.intaglio.signing.venue.Acme")
                    .getField("VENUE")
                    .get(null);
        }
    }
}
