// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which packages the scenario tests may use. */
class ScenarioPackagesTest {

    private static final JavaClasses CLASSES = new ClassFileImporter().importPath("target/test-classes");

    @Test
    void noSuiteUsesAnother() {
        List<String> suites = List.of("scenario", "clients", "install", "operator");
        for (String suite : suites) {
            String[] others = suites.stream()
                    .filter(other -> !other.equals(suite))
                    .map(other -> "dev.wsroute.e2e." + other)
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage("dev.wsroute.e2e." + suite)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others)
                    .check(CLASSES);
        }
    }

    @Test
    void thePackagedProgramsAreTestedFromOutside() {
        noClasses()
                .that()
                // Ask the operator's classes for their verdict on hundreds of specs, most of which the API server
                // refuses.
                .haveNameNotMatching(".*\\.(SameVerdictTest|LimitsVerdictTest|DocumentedLimitsTest)")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.wsroute.proxy..", "dev.wsroute.operator..")
                .check(CLASSES);
    }

    @Test
    void theSuiteKnowsAnyClusterByItsKubeconfig() {
        noClasses()
                .that()
                .resideInAPackage("dev.wsroute.e2e.scenario")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.wsroute.e2e.cluster",
                        "dev.wsroute.e2e.cluster.controllers..",
                        "dev.wsroute.e2e.cluster.node..")
                .check(CLASSES);
    }
}
