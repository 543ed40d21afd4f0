package io.intaglio.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** The Javadoc of what the modules export: each package opens with an example that compiles, and nothing public is without a sentence. */
class PublicDocumentationTest {
    private static final List<String> MODULES = List.of("sdk-signing", "sdk-core", "sdk-fleet", "sdk-testkit");
    private static final Pattern EXPORT = Pattern.compile("exports ([a-z0-9.]+);");
    private static final Pattern EXAMPLE = Pattern.compile("<pre>\\{@code\n(.*?)\n \\* }</pre>", Pattern.DOTALL);
    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

    /** Names that examples use without saying where they come from, as a reader understands them. */
    private static final Map<String, String> GIVEN = Map.of(
            "io.intaglio.client.event", "org.slf4j.Logger log;",
            "io.intaglio.client.metrics", "io.micrometer.core.instrument.MeterRegistry registry;",
            "io.intaglio.client.remote", "Tls tls;",
            "io.intaglio.fleet", "ApiRequest order;",
            "io.intaglio.signing.standard", "VerifyingKey publicKey; HttpMessage received;",
            "io.intaglio.signing.verify", "io.intaglio.signing.ReceivedRequest received;",
            "io.intaglio.signing.webhook",
                    "interface Web { String header(String name); byte[] bodyBytes(); } Web request;");

    private static final String GIVEN_EVERYWHERE =
            "Venue venue; Credential key; SigningKey signingKey; SigningKey auditKey;";

    @Test
    void exportedPackages_each_openWithAnExampleThatCompiles() throws Exception {
        List<JavaFileObject> sources = new ArrayList<>();
        Map<String, Path> packages = exportedPackages();
        for (Map.Entry<String, Path> exported : packages.entrySet()) {
            List<String> examples = examples(exported.getValue().resolve("package-info.java"));
            assertThat(examples)
                    .as("examples that open the package " + exported.getKey())
                    .isNotEmpty();
            sources.add(source(exported.getKey(), packages.keySet(), examples.get(0)));
        }
        assertThat(sources).hasSizeGreaterThan(15);
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        List<String> options =
                List.of("-proc:none", "-Xlint:none", "-Xmaxerrs", "500", "-cp", System.getProperty("java.class.path"));
        JavacTask task = (JavacTask) COMPILER.getTask(null, null, problems, options, null, sources);
        task.analyze();
        assertThat(problems.getDiagnostics()).isEmpty();
    }

    @Test
    void exportedPackages_everyPublicMember_hasASentence() throws Exception {
        List<String> silent = new ArrayList<>();
        try (StandardJavaFileManager files = COMPILER.getStandardFileManager(null, null, null)) {
            List<Path> sources = new ArrayList<>();
            for (Path folder : exportedPackages().values()) {
                try (Stream<Path> all = Files.list(folder)) {
                    all.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
                }
            }
            JavacTask task = (JavacTask) COMPILER.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
            DocTrees docs = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                new Silent(docs, unit, silent).scan(unit, null);
            }
            assertThat(sources).hasSizeGreaterThan(150);
        }
        assertThat(silent).isEmpty();
    }

    /** Collects what is public or protected, overrides nothing and has no comment, or one without a first sentence. */
    private static final class Silent extends TreePathScanner<Void, Void> {
        private final DocTrees docs;
        private final CompilationUnitTree unit;
        private final List<String> silent;

        Silent(DocTrees docs, CompilationUnitTree unit, List<String> silent) {
            this.docs = docs;
            this.unit = unit;
            this.silent = silent;
        }

        @Override
        public Void visitClass(ClassTree type, Void none) {
            if (!visible(type.getModifiers())) {
                return null;
            }
            check(type.getSimpleName().toString());
            return super.visitClass(type, none);
        }

        @Override
        public Void visitMethod(MethodTree method, Void none) {
            boolean overrides = method.getModifiers().getAnnotations().stream()
                    .anyMatch(annotation ->
                            annotation.getAnnotationType().toString().equals("Override"));
            boolean compactConstructor = method.getReturnType() == null
                    && getCurrentPath().getParentPath().getLeaf().getKind() == Tree.Kind.RECORD;
            if (visible(method.getModifiers()) && !overrides && !compactConstructor) {
                check(method.getName().toString());
            }
            return null;
        }

        @Override
        public Void visitVariable(VariableTree field, Void none) {
            if (visible(field.getModifiers())) {
                check(field.getName().toString());
            }
            return null;
        }

        /** Whether users see it. Members of interfaces and enum constants have no modifier, or one that the parser adds. */
        private boolean visible(ModifiersTree modifiers) {
            TreePath outer = getCurrentPath().getParentPath();
            boolean inInterface = outer.getLeaf().getKind() == Tree.Kind.INTERFACE;
            return modifiers.getFlags().contains(Modifier.PUBLIC)
                    || modifiers.getFlags().contains(Modifier.PROTECTED)
                    || inInterface && !modifiers.getFlags().contains(Modifier.PRIVATE);
        }

        private void check(String name) {
            DocCommentTree comment = docs.getDocCommentTree(getCurrentPath());
            if (comment == null || comment.getFirstSentence().isEmpty()) {
                silent.add(unit.getSourceFile().getName() + ": " + name);
            }
        }
    }

    private static Map<String, Path> exportedPackages() throws IOException {
        Map<String, Path> packages = new TreeMap<>();
        for (String module : MODULES) {
            Path sources = Path.of("..", module, "src/main/java");
            Matcher exports = EXPORT.matcher(Files.readString(sources.resolve("module-info.java")));
            while (exports.find()) {
                packages.put(exports.group(1), sources.resolve(exports.group(1).replace('.', '/')));
            }
        }
        return packages;
    }

    private static List<String> examples(Path packageInfo) throws IOException {
        Matcher example = EXAMPLE.matcher(Files.readString(packageInfo));
        List<String> found = new ArrayList<>();
        while (example.find()) {
            found.add(example.group(1).replaceAll("(?m)^ \\*( |$)", ""));
        }
        return found;
    }

    /** A class in which the example stands alone in a method, with everything that is exported imported. */
    private static JavaFileObject source(String packageName, Iterable<String> packages, String example) {
        String name = "Example_" + packageName.replace('.', '_');
        StringBuilder code = new StringBuilder();
        packages.forEach(each -> code.append("import ").append(each).append(".*;\n"));
        code.append("""
                import static io.intaglio.signing.key.Hash.*;
                import static io.intaglio.signing.scheme.Parts.*;
                import static io.intaglio.signing.scheme.Places.*;
                import static org.assertj.core.api.Assertions.assertThat;
                import java.net.URI; import java.nio.file.Path; import java.time.*; import java.util.*;
                """);
        code.append("class ")
                .append(name)
                .append(" {\n")
                .append(GIVEN_EVERYWHERE)
                .append(GIVEN.getOrDefault(packageName, ""));
        code.append("void example() throws Exception {\n").append(example).append("\n}\n}\n");
        String text = code.toString();
        return new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }
}
