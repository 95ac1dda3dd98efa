// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.access;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wsroute.e2e.cluster.api.access.Access;
import dev.wsroute.e2e.dev.Manifests;
import dev.wsroute.e2e.dev.Repository;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Compares all requests of a whole run with the roles: none was outside them, and each right was used. It is the last of the
 * classes, whose packages run in reverse alphabetical order, and waits for those that still run in other processes. A run of
 * selected tests skips it, and so does one on another cluster.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecordedAccessIT {

    private static final Path TESTS = Path.of("src/test/java/dev/wsroute/e2e");
    private static final Duration LONGEST_CLASS = Duration.ofMinutes(10);
    private static final String OPERATOR = Access.SERVICE_ACCOUNT + "wsroute-system:wsroute-operator";

    private AccessRecord record;

    @BeforeAll
    void awaitAllOthers() throws IOException, ClassNotFoundException {
        Set<String> tests = recording();
        assumeTrue(tests.stream().anyMatch(AccessRecord::isWritten), "nothing was recorded on this cluster");
        if (isWholeRun()) {
            await("the ends of the other tests")
                    .atMost(LONGEST_CLASS)
                    .untilAsserted(() -> assertThat(tests).allMatch(AccessRecord::isWritten));
        }
        record = AccessRecord.read();
    }

    private static boolean isWholeRun() {
        String selected = System.getProperty("wsroute.selected", "");
        // Maven leaves a property alone, or empty, that nobody set.
        return System.getProperty("wsroute.run") != null && (selected.isEmpty() || selected.startsWith("$"));
    }

    /** The simple names of the classes that record what operator and proxies do, and have a test that each run includes. */
    private static Set<String> recording() throws IOException, ClassNotFoundException {
        Set<String> names = new TreeSet<>(Set.of("GrantsIT"));
        try (Stream<Path> files = Files.list(TESTS.resolve("scenario"))) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith("IT.java")).toList()) {
                String name = file.getFileName().toString().replace(".java", "");
                if (Files.readString(file).contains("\n@Scenario\n") && isAlwaysRun(name)) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    private static boolean isAlwaysRun(String name) throws ClassNotFoundException {
        return Stream.of(Class.forName("dev.wsroute.e2e.scenario." + name).getDeclaredMethods())
                .anyMatch(method -> AnnotationSupport.isAnnotated(method, Testable.class)
                        && !AnnotationSupport.isAnnotated(method, Tag.class));
    }

    @Test
    void nobodyAskedForAnythingOutsideTheirRoles() {
        assertThat(record.refused()).isEmpty();
    }

    @Test
    void noPodButTheOperatorsAndTheProxiesTalksToTheApi() {
        assertThat(record.allowed())
                .extracting(Access::user)
                .allMatch(user -> user.equals(OPERATOR) || user.endsWith("-proxy"));
    }

    @Test
    void eachRightOfTheOperatorIsUsed() throws IOException {
        assumeTrue(isWholeRun(), "selected tests do not use all rights");
        Set<String> used = rights(record.allowed(), access -> access.user().equals(OPERATOR));

        assertThat(installed())
                .as("what deploy/install.yaml allows and nobody needs")
                .isSubsetOf(used);
    }

    @Test
    void eachRightThatTheOperatorGrantsIsUsedByAProxy() {
        assumeTrue(isWholeRun(), "selected tests do not use all rights");
        Set<String> used =
                named(record.allowed().stream().filter(access -> !access.user().equals(OPERATOR)));

        assertThat(named(record.granted().stream())).isNotEmpty().isEqualTo(used);
    }

    @Test
    void theOperatorReadsNoSecretThatItDidNotMake() {
        assertThat(record.allowed().stream()
                        .filter(access -> access.user().equals(OPERATOR)
                                && access.resource().equals("secrets")
                                && !access.name().isEmpty()))
                .isNotEmpty()
                .allMatch(access -> access.name().endsWith("-proxy-session-key")
                        || access.name().endsWith("-proxy-ticket-keys"));
    }

    private static Set<String> rights(Set<Access> accesses, Predicate<Access> selected) {
        return accesses.stream().filter(selected).map(RecordedAccessIT::right).collect(toCollection(TreeSet::new));
    }

    private static String right(Access access) {
        return access.verb() + " " + access.group() + "/" + access.resource();
    }

    /** With the kind of the name: what all routes have, and what only users know. */
    private static Set<String> named(Stream<Access> accesses) {
        List<String> own = List.of("-proxy-config", "-proxy-report", "-proxy-session-key", "-proxy-ticket-keys");
        return accesses.map(access -> right(access) + " "
                        + own.stream()
                                .filter(access.name()::endsWith)
                                .findFirst()
                                .orElse(access.name().isEmpty() ? "" : "of the user"))
                .collect(toCollection(TreeSet::new));
    }

    private static Set<String> installed() throws IOException {
        Set<String> rights = new TreeSet<>();
        for (GenericKubernetesResource object :
                Manifests.read(Repository.locate().get("deploy/install.yaml"))) {
            boolean role = object.getKind().equals("Role") || object.getKind().equals("ClusterRole");
            if (role && object.getMetadata().getName().startsWith("wsroute-operator")) {
                // The rules of both kinds have the same form.
                for (PolicyRule rule : Serialization.unmarshal(Serialization.asJson(object), ClusterRole.class)
                        .getRules()) {
                    rule.getApiGroups()
                            .forEach(group -> rule.getResources()
                                    .forEach(resource -> rule.getVerbs()
                                            .forEach(verb -> rights.add(verb + " " + group + "/" + resource))));
                }
            }
        }
        return rights;
    }
}
