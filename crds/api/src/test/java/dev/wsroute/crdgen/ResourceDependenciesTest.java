package dev.wsroute.crdgen;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** The custom resource and the proxy's document are two shapes, which only the operator's compiler joins. */
class ResourceDependenciesTest {

    @Test
    void theCustomResourceUsesOnlyTheDocumentsSyntaxOfDurationsAndNames() {
        noClasses()
                .that()
                .resideInAPackage("dev.wsroute.api..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("dev\\.wsroute\\.config\\.(?!Durations|HttpNames).*")
                .check(new ClassFileImporter().importPath("target/classes"));
    }
}
