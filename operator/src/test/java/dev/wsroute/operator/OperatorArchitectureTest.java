// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Dependencies between packages. */
class OperatorArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.wsroute.operator");

    @Test
    void packagesDependInOneDirection() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("dev.wsroute.operator..")
                .layer("program")
                .definedBy("dev.wsroute.operator")
                .layer("route")
                .definedBy("..operator.route..")
                .layer("status")
                .definedBy("..operator.status..")
                .layer("resources")
                .definedBy("..operator.resources..")
                .layer("scaling")
                .definedBy("..operator.scaling..")
                .layer("compile")
                .definedBy("..operator.compile..")
                .layer("limits")
                .definedBy("..operator.limits..")
                .layer("grants")
                .definedBy("..operator.grants..")
                .layer("jwks")
                .definedBy("..operator.jwks..")
                .layer("trust")
                .definedBy("..operator.trust..")
                .layer("policies")
                .definedBy("..operator.policies..")
                .layer("optional")
                .definedBy("..operator.optional..")
                .layer("admin")
                .definedBy("..operator.admin..")
                .layer("migrate")
                .definedBy("..operator.migrate..")
                .layer("cache")
                .definedBy("..operator.cache..")
                .layer("trim")
                .definedBy("..operator.trim..")
                .whereLayer("program")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("migrate")
                .mayOnlyBeAccessedByLayers("program")
                .whereLayer("cache")
                .mayOnlyBeAccessedByLayers("program", "route", "limits", "resources", "trim")
                .whereLayer("limits")
                .mayOnlyBeAccessedByLayers("program", "route")
                .whereLayer("grants")
                .mayOnlyBeAccessedByLayers("program", "route")
                .whereLayer("jwks")
                .mayOnlyBeAccessedByLayers("program", "route", "status", "resources", "admin")
                .whereLayer("trust")
                .mayOnlyBeAccessedByLayers("program", "jwks")
                .whereLayer("policies")
                .mayOnlyBeAccessedByLayers("program", "route")
                .whereLayer("optional")
                .mayOnlyBeAccessedByLayers("grants", "policies")
                .whereLayer("trim")
                .mayOnlyBeAccessedByLayers("program")
                .whereLayer("admin")
                .mayOnlyBeAccessedByLayers("program")
                .whereLayer("route")
                .mayOnlyBeAccessedByLayers("program")
                .whereLayer("status")
                .mayOnlyBeAccessedByLayers("route")
                .whereLayer("resources")
                .mayOnlyBeAccessedByLayers("route", "status", "policies")
                .whereLayer("scaling")
                .mayOnlyBeAccessedByLayers("program", "route", "status", "compile", "admin")
                .whereLayer("compile")
                .mayOnlyBeAccessedByLayers("route", "status", "resources", "grants", "policies", "jwks")
                .check(CLASSES);
    }

    @Test
    void compileAndStatusDoNotUseTheApi() {
        noClasses()
                .that()
                .resideInAnyPackage("..operator.compile..", "..operator.status..", "..operator.scaling..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.fabric8.kubernetes.client..", "io.javaoperatorsdk..")
                .check(CLASSES);
    }

    @Test
    void nothingDependsOnTheDevelopmentClusterOrTheProxy() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.wsroute.e2e..", "dev.wsroute.proxy..")
                .check(CLASSES);
    }
}
