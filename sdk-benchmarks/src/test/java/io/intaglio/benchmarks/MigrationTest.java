package io.intaglio.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docs/migration.md} shows of us, of XChange and of code by hand compiles. Here, since this module has XChange. */
class MigrationTest {
    private static final Path PAGE = Path.of("../docs/migration.md");
    private static final Pattern BLOCK =
            Pattern.compile("```java\n// (Intaglio|XChange|By hand)\n(.*?)```", Pattern.DOTALL);
    private static final List<String> OURS = List.of(
            "io.intaglio.client.*",
            "io.intaglio.signing.*",
            "io.intaglio.signing.secret.*",
            "io.intaglio.signing.venue.BinanceSpot");
    private static final List<String> XCHANGES = List.of(
            "org.knowm.xchange.*",
            "org.knowm.xchange.binance.BinanceExchange",
            "org.knowm.xchange.currency.CurrencyPair",
            "org.knowm.xchange.dto.Order",
            "org.knowm.xchange.dto.trade.LimitOrder");

    @TempDir
    Path folder;

    @Test
    void page_everySnippet_compiles() throws IOException {
        List<MatchResult> blocks =
                BLOCK.matcher(Files.readString(PAGE)).results().toList();
        assertThat(blocks.stream().map(block -> block.group(1)))
                .containsExactly("XChange", "Intaglio", "Intaglio", "By hand", "Intaglio");
        for (MatchResult block : blocks) {
            assertThat(problems(block.group(1).equals("XChange") ? XCHANGES : OURS, block.group(2)))
                    .as(block.group(2))
                    .isEmpty();
        }
    }

    private List<? extends Object> problems(List<String> imports, String snippet) throws IOException {
        Path file = folder.resolve("Snippet.java");
        StringBuilder source = new StringBuilder();
        imports.forEach(each -> source.append("import ").append(each).append(";\n"));
        List.of(
                        "java.math.BigDecimal",
                        "java.net.URI",
                        "java.net.http.*",
                        "java.nio.charset.StandardCharsets",
                        "java.nio.file.Path",
                        "java.time.*",
                        "java.util.*",
                        "javax.crypto.Mac",
                        "javax.crypto.spec.SecretKeySpec")
                .forEach(each -> source.append("import ").append(each).append(";\n"));
        boolean isOurs = imports.equals(OURS);
        source.append("abstract class Snippet {\n  String secret;\n  abstract void later(Duration wait);\n")
                .append(isOurs ? "  VenueClient client;\n  Credential key;\n" : "")
                .append("  void run() throws Exception {\n")
                .append(snippet)
                .append("  }\n}\n");
        Files.writeString(file, source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(problems, null, StandardCharsets.UTF_8)) {
            List<String> options =
                    List.of("-proc:none", "-cp", System.getProperty("java.class.path"), "-d", folder.toString());
            compiler.getTask(null, files, problems, options, null, files.getJavaFileObjects(file))
                    .call();
        }
        return problems.getDiagnostics().stream()
                .filter(problem -> problem.getKind() == javax.tools.Diagnostic.Kind.ERROR)
                .toList();
    }
}
