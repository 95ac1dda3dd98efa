// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** Which package of the benchmarks may use which. */
class BenchPackagesTest {

    private static final JavaClasses CLASSES = new ClassFileImporter().importPath("target/classes");

    @Test
    void thereAreNoCycles() {
        slices().matching("dev.wsroute.e2e.bench.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void onlyTheLauncherUsesTheCommandsOfOtherPackages() {
        noClasses()
                .that()
                .doNotHaveSimpleName("BenchLauncher")
                .and()
                .resideInAPackage("dev.wsroute.e2e.bench")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.wsroute.e2e.bench.control..", "dev.wsroute.e2e.bench.training..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("dev.wsroute.e2e.bench.*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.wsroute.e2e.bench")
                .check(CLASSES);
    }

    @Test
    void onlyTheControlPlanesBenchmarkNeedsACluster() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.wsroute.e2e.bench.control")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.wsroute.e2e.cluster..", "dev.wsroute.api..", "io.fabric8..")
                .check(CLASSES);
    }

    @Test
    void proxiesAndOperatorsAreMeasuredFromOutside() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.wsroute.proxy..", "dev.wsroute.operator..")
                .check(CLASSES);
    }
}
