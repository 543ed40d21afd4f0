package io.intaglio.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The package table of this module. */
@ArchTag("long")
@AnalyzeClasses(packages = "io.intaglio.client", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule httpClientIsKnownInOnePackage = noClasses()
            .that()
            .resideOutsideOfPackage("io.intaglio.client.internal.http..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.hc..");

    @ArchTest
    static final ArchRule resilience4jIsKnownInOnePackage = noClasses()
            .that()
            .resideOutsideOfPackage("io.intaglio.client.internal.retry..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.github.resilience4j..");

    /** It may be absent; its package cannot but name the registry that it fills. */
    @ArchTest
    static final ArchRule micrometerIsKnownInOnePackage = noClasses()
            .that()
            .resideOutsideOfPackage("io.intaglio.client.metrics")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.micrometer..", "io.intaglio.client.metrics");

    @ArchTest
    static final ArchRule transportKnowsNoPolicy = classes()
            .that()
            .resideInAPackage("io.intaglio.client.internal.http..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "javax.net..",
                    "org.apache.hc..",
                    "org.jspecify..",
                    "io.intaglio.signing",
                    "io.intaglio.client.tls",
                    "io.intaglio.client.internal.http..");

    /** So that neither the kill switch nor a dry run has a way round it. */
    @ArchTest
    static final ArchRule transportIsReachedThroughTheExitAlone = noClasses()
            .that()
            .resideInAPackage("io.intaglio.client.internal.pipeline..")
            .and()
            .doNotHaveSimpleName("Exit")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("io.intaglio.client.internal.http.Transport");

    @ArchTest
    static final ArchRule pipelineIsUsedByTheDoorAlone = noClasses()
            .that()
            .resideInAPackage("io.intaglio.client.internal..")
            .and()
            .resideOutsideOfPackage("io.intaglio.client.internal.pipeline..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.intaglio.client.internal.pipeline..");

    @ArchTest
    static final ArchRule internalPackagesHaveNoCycle =
            slices().matching("io.intaglio.client.internal.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nothingThirdPartyInPublicSignatures = noClasses()
            .that()
            .resideOutsideOfPackage("..internal..")
            .and()
            .arePublic()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.hc..", "io.github.resilience4j..", "tools.jackson..", "org.bouncycastle..");
}
