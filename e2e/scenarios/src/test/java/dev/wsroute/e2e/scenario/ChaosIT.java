// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Random failures under live clients. After each step, no connection has ended but those that the step may touch, and everything
 * converges; at the end, nothing has leaked. {@code make chaos} runs it longer.
 */
@Scenario
class ChaosIT {

    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("wsroute.chaos.seconds", 40));
    private static final int CLIENTS = Integer.getInteger("wsroute.chaos.clients", 100);
    private static final long SEED = Long.getLong("wsroute.chaos.seed", new Random().nextInt(1_000_000));
    private static final int PROXIES = 2;
    private static final int BACKENDS = 3;
    /** Of each proxy, those that come and go: connections to the API and for the metrics, files that are read. */
    private static final int OTHER_DESCRIPTORS = 12;

    static Spec spec() {
        return Spec.to("chat").replicas(PROXIES);
    }

    @Test
    @DisplayName("I1 to I6 under random failures")
    void nothingIsCutThatAFailureDoesNotConcern(Space space, SuiteCluster cluster) {
        cluster.embeddedApi();
        EchoBackend backend = space.backend("chat", BACKENDS);
        Route route = space.apply("chat", spec()).awaitReady();
        Set<String> objects = objects(space);
        double descriptors = sum(ready(route), "process_open_fds");
        Instant end = Instant.now().plus(TIME);
        ChaosSteps steps = new ChaosSteps(SEED, cluster, space, route, backend);
        String history = "";
        try (ChaosClients clients = new ChaosClients(space, CLIENTS)) {
            clients.replenish(route.proxies());
            do {
                ChaosStep step = steps.next();
                history += "\n  " + step.name();
                run(step, clients, route, cluster);
            } while (Instant.now().isBefore(end));

            assertNothingLeaked(space, route, objects, descriptors, clients);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(
                    "Replay it with `make chaos SEED=" + SEED + " CHAOS_SECONDS=" + TIME.toSeconds() + " CLIENTS="
                            + CLIENTS + "`; the steps were:" + history,
                    e);
        }
    }

    private static void run(ChaosStep step, ChaosClients clients, Route route, SuiteCluster cluster) {
        step.action().run();
        clients.assertOthersAreOpen(step.name(), step.touched());
        await("the operator after '" + step.name() + "'")
                .until(() -> cluster.operatorPods().stream().anyMatch(EchoBackend::isReady));
        await("proxies after '" + step.name() + "'").until(() -> ready(route).size() == PROXIES);
        route.awaitReady();
        clients.assertOthersAreOpen(step.name(), step.touched());
        clients.remember(step);
        clients.replenish(ready(route));
        clients.assertTheyTalk(step.name());
    }

    private static List<Pod> ready(Route route) {
        return route.proxies().stream().filter(EchoBackend::isReady).toList();
    }

    private static void assertNothingLeaked(
            Space space, Route route, Set<String> objects, double descriptors, ChaosClients clients) {
        assertThat(objects(space)).isEqualTo(objects);
        List<Pod> proxies = ready(route);
        await("as many connections as clients")
                .until(() -> sum(proxies, "wsroute_connections") == clients.openThrough(proxies));
        clients.close();
        await("no connection").until(() -> sum(proxies, "wsroute_connections") == 0);
        await("no client").until(() -> sum(proxies, "wsroute_clients") == 0);
        await("no memory in use").until(() -> sum(proxies, "wsroute_memory_used_bytes") == 0);
        await("no descriptor of a connection")
                .until(() -> sum(proxies, "process_open_fds") <= descriptors + PROXIES * OTHER_DESCRIPTORS);
    }

    /** Over all proxies and labels. */
    private static double sum(List<Pod> proxies, String metric) {
        Pattern line = Pattern.compile("(?m)^" + metric + "(?:\\{[^}]*})? (\\S+)$");
        double sum = 0;
        for (Pod proxy : proxies) {
            List<MatchResult> found = line.matcher(metrics(proxy)).results().toList();
            assertThat(found).as(metric).isNotEmpty();
            sum += found.stream()
                    .mapToDouble(value -> Double.parseDouble(value.group(1)))
                    .sum();
        }
        return sum;
    }

    private static String metrics(Pod proxy) {
        URI uri = URI.create("http://" + proxy.getStatus().getPodIP() + ":9901/metrics");
        try {
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while the metrics were read", e);
        }
    }

    /** What somebody made on purpose, by kind and name. */
    private static Set<String> objects(Space space) {
        KubernetesClient client = space.client();
        String namespace = space.namespace();
        return Stream.of(
                        client.apps()
                                .deployments()
                                .inNamespace(namespace)
                                .list()
                                .getItems(),
                        client.services().inNamespace(namespace).list().getItems(),
                        client.configMaps().inNamespace(namespace).list().getItems(),
                        client.secrets().inNamespace(namespace).list().getItems(),
                        client.serviceAccounts().inNamespace(namespace).list().getItems(),
                        client.rbac().roles().inNamespace(namespace).list().getItems(),
                        client.rbac()
                                .roleBindings()
                                .inNamespace(namespace)
                                .list()
                                .getItems(),
                        client.policy()
                                .v1()
                                .podDisruptionBudget()
                                .inNamespace(namespace)
                                .list()
                                .getItems())
                .flatMap(List::stream)
                .map(object -> name((HasMetadata) object))
                .collect(TreeSet::new, Set::add, Set::addAll);
    }

    private static String name(HasMetadata object) {
        return object.getKind() + " " + object.getMetadata().getName();
    }
}
