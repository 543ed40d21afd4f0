package io.intaglio.signing;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.intaglio.signing.scheme.PlantedFaults;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may know whom in this module; each rule is also shown to fail on a class that breaks it. */
@Tag("long")
class ArchitectureTest {
    private static final String ROOT = "io.intaglio.signing";

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    private static final JavaClasses PLANTED = new ClassFileImporter()
            .importClasses(
                    Stream.concat(Stream.of(PlantedFaults.class), Stream.of(PlantedFaults.class.getDeclaredClasses()))
                            .toArray(Class<?>[]::new));

    /** Rules whose breach the planted class shows. */
    static Map<String, ArchRule> rules() {
        Map<String, ArchRule> rules = new LinkedHashMap<>();
        rules.put(
                "no HTTP",
                noClasses()
                        .should()
                        .dependOnClassesThat(resideInAnyPackage(
                                        "java.net.http..", "javax.net..", "org.apache.hc..", "okhttp3..")
                                .or(named("java.net.HttpURLConnection", "java.net.Socket", "java.net.ServerSocket"))));
        rules.put("no java.util.Random", noClasses().should().dependOnClassesThat(named("java.util.Random")));
        rules.put(
                "schemes read no clock, counter, file or environment",
                noClasses()
                        .that()
                        .resideInAnyPackage(ROOT, ROOT + ".scheme")
                        .should()
                        .dependOnClassesThat(resideInAnyPackage("java.nio.file..")
                                .or(named(
                                        "java.io.File",
                                        "java.time.Clock",
                                        "java.time.InstantSource",
                                        "java.security.SecureRandom",
                                        "java.util.concurrent.ThreadLocalRandom",
                                        "java.util.concurrent.atomic.AtomicLong",
                                        "java.util.concurrent.atomic.AtomicInteger")))
                        .orShould()
                        .callMethod(System.class, "nanoTime")
                        .orShould()
                        .callMethod(System.class, "currentTimeMillis")
                        .orShould()
                        .callMethod(System.class, "getenv", String.class)
                        .orShould()
                        .callMethod(System.class, "getProperty", String.class)
                        .orShould()
                        .callMethod(java.time.Instant.class, "now"));
        rules.put(
                "no Mac, Signature or Cipher in a field",
                noFields()
                        .should()
                        .haveRawType(javax.crypto.Mac.class)
                        .orShould()
                        .haveRawType(java.security.Signature.class)
                        .orShould()
                        .haveRawType(javax.crypto.Cipher.class));
        rules.put(
                "no static state that changes",
                fields().that().areStatic().should().beFinal());
        rules.put(
                "a digest in a field is a pristine copy of the key package",
                noFields()
                        .that()
                        .areDeclaredInClassesThat(not(resideInAPackage(ROOT + ".key")))
                        .should()
                        .haveRawType(java.security.MessageDigest.class));
        rules.put(
                "no internal or third-party type in a public signature",
                methods().should(showOnlyOwnTypes()));
        rules.put("only internal reads JSON text", onlyIn("tools.jackson..", ROOT + ".internal"));
        rules.put(
                "only key and secret know Bouncy Castle",
                onlyIn("org.bouncycastle..", ROOT + ".key", ROOT + ".secret"));
        rules.put("scheme knows no venue", mayKnow("scheme", "", "key", "secret", "internal"));
        return rules;
    }

    static List<String> ruleNames() {
        return List.copyOf(rules().keySet());
    }

    @ParameterizedTest
    @MethodSource("ruleNames")
    void rule_ourClasses_keepIt(String name) {
        rules().get(name).check(MAIN);
    }

    @ParameterizedTest
    @MethodSource("ruleNames")
    void rule_plantedFault_breaksIt(String name) {
        assertThat(rules().get(name).evaluate(PLANTED).hasViolation()).isTrue();
    }

    @Test
    void packages_all_knowOnlyThoseBelowThem() {
        mayKnow("time").check(MAIN);
        mayKnow("secret", "internal").check(MAIN);
        mayKnow("key", "secret", "internal").check(MAIN);
        mayKnow("standard", "", "key", "secret", "internal", "scheme")
                .allowEmptyShould(true)
                .check(MAIN);
        mayKnow("venue", "", "key", "secret", "time", "scheme", "standard").check(MAIN);
        classes()
                .that()
                .resideInAPackage(ROOT)
                .should()
                .onlyDependOnClassesThat(allowed("", "key", "secret", "internal"))
                .check(MAIN);
        // the one exception of the codecs: they refuse text with the exception that callers know
        classes()
                .that()
                .resideInAPackage(ROOT + ".internal")
                .should()
                .onlyDependOnClassesThat(allowed("internal").or(named(ROOT + ".SigningException")))
                .check(MAIN);
    }

    @Test
    void packages_subpackages_haveNoCycle() {
        slices().matching(ROOT + ".(*)").should().beFreeOfCycles().check(MAIN);
    }

    private static ArchRule mayKnow(String subject, String... packages) {
        String[] all = new String[packages.length + 1];
        System.arraycopy(packages, 0, all, 1, packages.length);
        all[0] = subject;
        return classes().that().resideInAPackage(ROOT + "." + subject).should().onlyDependOnClassesThat(allowed(all));
    }

    private static com.tngtech.archunit.base.DescribedPredicate<JavaClass> allowed(String... packages) {
        // what every exception is; it knows nothing
        var result = not(resideInAPackage(ROOT + "..")).or(named(ROOT + ".Catalogued"));
        for (String name : packages) {
            result = result.or(resideInAPackage(name.isEmpty() ? ROOT : ROOT + "." + name));
        }
        return result;
    }

    private static ArchRule onlyIn(String library, String... homes) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(homes)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }

    private static com.tngtech.archunit.base.DescribedPredicate<JavaClass> named(String... names) {
        List<String> wanted = List.of(names);
        return com.tngtech.archunit.base.DescribedPredicate.describe(
                "are one of " + wanted, type -> wanted.contains(type.getName()));
    }

    private static ArchCondition<JavaMethod> showOnlyOwnTypes() {
        return new ArchCondition<>("show only our own public types and the JDK's") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                if (!isPublic(method) || method.getOwner().getPackageName().equals(ROOT + ".internal")) {
                    return;
                }
                Stream.concat(method.getRawParameterTypes().stream(), Stream.of(method.getRawReturnType()))
                        .map(type -> type.getBaseComponentType())
                        .filter(type -> !type.isPrimitive())
                        .filter(type -> type.getPackageName().equals(ROOT + ".internal")
                                || !type.getPackageName().startsWith("java")
                                        && !type.getPackageName().startsWith(ROOT))
                        .forEach(type -> events.add(SimpleConditionEvent.violated(
                                method, method.getFullName() + " shows " + type.getName())));
            }
        };
    }

    private static boolean isPublic(JavaMethod method) {
        var isPublic = com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
        JavaClass owner = method.getOwner();
        while (owner.getModifiers().contains(isPublic)
                && owner.getEnclosingClass().isPresent()) {
            owner = owner.getEnclosingClass().get();
        }
        return method.getModifiers().contains(isPublic) && owner.getModifiers().contains(isPublic);
    }
}
