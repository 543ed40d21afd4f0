package io.intaglio.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** What {@code docs/getting-started.md} shows compiles, prints what the page says, and names examples and pages that exist. */
class GettingStartedTest {
    private static final Path DOCS = Path.of("../docs");
    private static final Pattern EXAMPLE = Pattern.compile("\\./example ([a-z0-9-]+)");
    private static final Pattern LINK = Pattern.compile("\\]\\(([a-z0-9.-]+)\\)");

    @TempDir
    Path folder;

    @Test
    void dependency_hasTheVersionOfThisBuild() throws IOException {
        Matcher version =
                Pattern.compile("<version>(.*)</version>").matcher(Files.readString(DOCS.resolve("../pom.xml")));
        assertThat(version.find()).isTrue();
        assertThat(Pages.block(Files.readString(DOCS.resolve("getting-started.md")), "xml"))
                .contains("sdk-bom</artifactId>\n      " + version.group());
    }

    @Test
    @ResourceLock(Resources.SYSTEM_OUT)
    void program_compiledAndRun_printsWhatThePageSays() throws Exception {
        String page = Files.readString(DOCS.resolve("getting-started.md"));
        Path source = Files.writeString(folder.resolve("GettingStarted.java"), Pages.block(page, "java"));
        ByteArrayOutputStream problems = new ByteArrayOutputStream();
        int status = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        problems,
                        problems,
                        "-proc:none",
                        "-Xlint:all,-path",
                        "-Werror",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        folder.toString(),
                        source.toString());
        assertThat(status).as(problems.toString(UTF_8)).isZero();

        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream before = System.out;
        URL[] here = {folder.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(here, GettingStartedTest.class.getClassLoader());
                PrintStream captured = new PrintStream(out, true, UTF_8)) {
            System.setOut(captured);
            loader.loadClass("GettingStarted").getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } finally {
            System.setOut(before);
        }
        assertThat(out.toString(UTF_8).lines().toList())
                .isEqualTo(Pages.block(page, "text").lines().toList());
    }

    @Test
    void pages_examplesAndLinks_exist() throws Exception {
        for (String name : List.of("getting-started.md", "concepts.md")) {
            String page = Files.readString(DOCS.resolve(name));
            assertThat(found(EXAMPLE, page))
                    .allSatisfy(example -> assertThat(Main.names()).containsKey(example));
            assertThat(found(LINK, page))
                    .isNotEmpty()
                    .allSatisfy(link -> assertThat(DOCS.resolve(link)).exists());
        }
    }

    private static List<String> found(Pattern pattern, String page) {
        return pattern.matcher(page).results().map(found -> found.group(1)).toList();
    }
}
