// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.crdgen;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** The custom resource and the proxy's document are independent of each other; only the operator's compiler uses both. */
class ResourceDependenciesTest {

    @Test
    void theCustomResourceUsesOnlyTheEnumsOfTheDocument() {
        noClasses()
                .that()
                .resideInAPackage("dev.wsroute.api..")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.wsroute.config..").and(not(JavaClass.Predicates.ENUMS)))
                .check(new ClassFileImporter().importPath("target/classes"));
    }
}
