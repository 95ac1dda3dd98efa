package dev.wsroute.crdgen;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** What crosses a process boundary stays light: the runtime takes the document's types without the resource's. */
class ContractPackagesTest {

    private final JavaClasses classes = new ClassFileImporter().importPath("target/classes");

    @Test
    void theDocumentOfTheProxiesKnowsNothingOfTheCustomResourceNorOfKubernetes() {
        noClasses()
                .that()
                .resideInAPackage("dev.wsroute.config..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.wsroute.api..", "io.fabric8..")
                .check(classes);
    }

    @Test
    void theCustomResourceTakesNothingOfTheDocumentButHowDurationsAndNamesAreSpelled() {
        noClasses()
                .that()
                .resideInAPackage("dev.wsroute.api..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("dev\\.wsroute\\.config\\.(?!Durations|HttpNames).*")
                .check(classes);
    }
}
