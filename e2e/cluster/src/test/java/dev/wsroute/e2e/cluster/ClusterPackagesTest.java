// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.flatMapping;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Which package of the embedded cluster may use which. The API uses none; controllers and node are its clients, as on a real
 * cluster, and share only the tools for that ({@code work}).
 */
class ClusterPackagesTest {

    private static final String ROOT = "dev.wsroute.e2e.";

    private static final Map<String, Set<String>> USES = Map.ofEntries(
            Map.entry("dev", Set.of("client", "cluster", "cluster.api")),
            Map.entry("cluster", Set.of("cluster.api", "cluster.controllers", "cluster.node", "echo")),
            Map.entry("cluster.controllers", Set.of("cluster.work")),
            Map.entry("cluster.node", Set.of("cluster.work")),
            Map.entry("cluster.work", Set.of()),
            Map.entry(
                    "cluster.api",
                    Set.of("cluster.api.access", "cluster.api.http", "cluster.api.ops", "cluster.api.store")),
            Map.entry(
                    "cluster.api.http",
                    Set.of(
                            "cluster.api.access",
                            "cluster.api.ops",
                            "cluster.api.patch",
                            "cluster.api.schema",
                            "cluster.api.store",
                            "cluster.api.types",
                            "cluster.api.view")),
            Map.entry(
                    "cluster.api.ops",
                    Set.of("cluster.api.fields", "cluster.api.schema", "cluster.api.store", "cluster.api.types")),
            Map.entry("cluster.api.view", Set.of("cluster.api.schema", "cluster.api.store", "cluster.api.types")),
            Map.entry("cluster.api.fields", Set.of("cluster.api.schema", "cluster.api.store")),
            Map.entry("cluster.api.patch", Set.of("cluster.api.schema", "cluster.api.store")),
            Map.entry("cluster.api.types", Set.of("cluster.api.schema", "cluster.api.store")),
            Map.entry("cluster.api.schema", Set.of("cluster.api.store")),
            Map.entry("cluster.api.access", Set.of("cluster.api.store")),
            Map.entry("cluster.api.store", Set.of()));

    private static final JavaClasses CLASSES = new ClassFileImporter().importPath("target/classes");

    @Test
    void eachPackageUsesThoseInTheTableAndNoOther() {
        Map<String, Set<String>> uses = CLASSES.stream()
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .collect(groupingBy(
                        type -> type.getPackageName().substring(ROOT.length()),
                        flatMapping(
                                type -> type.getDirectDependenciesFromSelf().stream()
                                        .map(to -> to.getTargetClass().getBaseComponentType())
                                        .filter(to -> !to.getPackageName().equals(type.getPackageName()))
                                        .map(JavaClass::getPackageName)
                                        .filter(name -> name.startsWith(ROOT))
                                        .map(name -> name.substring(ROOT.length())),
                                toSet())));

        assertThat(uses).isEqualTo(USES);
    }

    @Test
    void thereAreNoCycles() {
        slices().matching(ROOT + "(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void theClusterDoesNotKnowWhatRunsOnIt() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "cluster..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.wsroute.api..")
                .check(CLASSES);
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.wsroute.proxy..", "dev.wsroute.operator..")
                .check(CLASSES);
    }
}
