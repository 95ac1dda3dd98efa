// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** The proxy depends on this module, so it must be small: no Kubernetes types, and no types of the custom resource. */
class DocumentDependenciesTest {

    @Test
    void theDocumentNeedsJacksonYamlAndRegularExpressionsOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.wsroute.config..",
                        "java..",
                        "com.fasterxml.jackson..",
                        "org.yaml.snakeyaml..",
                        "com.google.re2j..",
                        "org.jspecify.annotations..")
                .check(new ClassFileImporter().importPath("target/classes"));
    }
}
