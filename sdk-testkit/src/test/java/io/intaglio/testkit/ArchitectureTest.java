package io.intaglio.testkit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What the test kit may know, so that it can judge the other modules. */
@AnalyzeClasses(packages = "io.intaglio.testkit", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule ofOurModulesOnlySigningIsKnown = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "javax..",
                    "org.jspecify..",
                    "io.intaglio.testkit",
                    "io.intaglio.signing..",
                    "org.bouncycastle..",
                    "tools.jackson.core..",
                    "org.junit.jupiter.api..",
                    "mockwebserver3..",
                    "okhttp3..",
                    "okio..",
                    "kotlin..");

    @ArchTest
    static final ArchRule venuesDoNotCheckSchemesWithSchemes = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.intaglio.signing.scheme..", "io.intaglio.signing.standard..");

    @ArchTest
    static final ArchRule signaturesAreCheckedByTheJdkAlone = classes()
            .that()
            .haveSimpleName("Checks")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "javax.crypto..", "org.jspecify..", "io.intaglio.testkit");

    @ArchTest
    static final ArchRule rulesKnowOfSigningOnlyWhatTravels = noClasses()
            .that()
            .haveSimpleNameEndingWith("Rules")
            .or()
            .haveSimpleName("Checks")
            .or()
            .haveSimpleName("Call")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.intaglio.signing..");

    @ArchTest
    static final ArchRule mockWebServerIsKnownInOnePlace = noClasses()
            .that()
            .haveNameNotMatching("io\\.intaglio\\.testkit\\.VenueServer(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("mockwebserver3..", "okhttp3..", "okio..", "kotlin..");

    @ArchTest
    static final ArchRule nothingThirdPartyInPublicSignatures = noClasses()
            .that()
            .arePublic()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("mockwebserver3..", "okhttp3..", "okio..", "tools.jackson..", "org.bouncycastle..");
}
