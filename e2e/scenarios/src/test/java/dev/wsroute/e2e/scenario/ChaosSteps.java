// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import dev.wsroute.e2e.cluster.api.store.ApiError;
import dev.wsroute.e2e.scenario.ChaosClients.Client;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Chooses what goes wrong next. The same seed gives the same kinds of steps in the same order. */
final class ChaosSteps {

    private static final int LEAST_BACKENDS = 2;
    private static final int MOST_BACKENDS = 4;

    private final Random random;
    private final SuiteCluster cluster;
    private final Space space;
    private final Route route;
    private final EchoBackend backend;
    private int edits;

    ChaosSteps(long seed, SuiteCluster cluster, Space space, Route route, EchoBackend backend) {
        random = new Random(seed);
        this.cluster = cluster;
        this.space = space;
        this.route = route;
        this.backend = backend;
    }

    ChaosStep next() {
        List<Supplier<ChaosStep>> kinds = List.of(
                this::operatorIsKilled,
                this::proxyIsKilled,
                this::proxyIsDeleted,
                this::backendIsKilled,
                this::backendIsDeleted,
                this::backendsAreScaled,
                this::apiIsCutOff,
                this::proxyIsKilledWithoutApi,
                this::watchesExpire,
                this::apiFails,
                this::apiIsSlow,
                this::routeIsEdited);
        return kinds.get(random.nextInt(kinds.size())).get();
    }

    private ChaosStep operatorIsKilled() {
        return ChaosStep.harmless(
                "kill the operator",
                () -> LocalProcess.ofPod(cluster.operatorPods().get(0)).kill());
    }

    private ChaosStep proxyIsKilled() {
        Pod proxy = any(route.proxies());
        String name = proxy.getMetadata().getName();
        return ChaosStep.killing(name, through(name), LocalProcess.ofPod(proxy)::kill);
    }

    private ChaosStep proxyIsDeleted() {
        Pod proxy = any(route.proxies());
        String name = proxy.getMetadata().getName();
        return ChaosStep.removing(name, through(name), () -> delete(proxy));
    }

    private ChaosStep backendIsKilled() {
        Pod pod = any(backend.staying());
        String name = pod.getMetadata().getName();
        return ChaosStep.killing(name, of(name), LocalProcess.ofPod(pod)::kill);
    }

    private ChaosStep backendIsDeleted() {
        Pod pod = any(backend.staying());
        String name = pod.getMetadata().getName();
        return ChaosStep.removing(name, of(name), () -> delete(pod));
    }

    private ChaosStep backendsAreScaled() {
        int replicas = LEAST_BACKENDS + random.nextInt(MOST_BACKENDS - LEAST_BACKENDS + 1);
        Set<String> leaving = new TreeSet<>(backend.stayingNames());
        return ChaosStep.removing("backends but " + replicas, client -> leaving.contains(client.backend()), () -> {
            backend.scale(replicas).awaitReady(replicas);
            leaving.removeAll(backend.stayingNames());
        });
    }

    private ChaosStep apiIsCutOff() {
        Duration time = Duration.ofMillis(200 + random.nextInt(4_000));
        return ChaosStep.harmless("cut off the API for " + time, () -> withoutApi(() -> pause(time)));
    }

    private ChaosStep proxyIsKilledWithoutApi() {
        Pod proxy = any(route.proxies());
        String name = proxy.getMetadata().getName();
        LocalProcess process = LocalProcess.ofPod(proxy);
        return ChaosStep.killing(
                name + " while the API is cut off",
                through(name),
                () -> withoutApi(() -> {
                    process.kill();
                    pause(Duration.ofSeconds(2));
                }));
    }

    private ChaosStep watchesExpire() {
        return ChaosStep.harmless(
                "expire the watches", () -> cluster.embeddedApi().expireWatches());
    }

    /** Half of the requests, while the operator and the proxies have something to write. */
    private ChaosStep apiFails() {
        int code = random.nextBoolean() ? 429 : 500;
        String reason = code == 429 ? "TooManyRequests" : "InternalError";
        return ChaosStep.harmless("answer " + code + " to every other request and edit the route", () -> {
            AtomicInteger requests = new AtomicInteger();
            cluster.embeddedApi().trouble(() -> {
                if (requests.incrementAndGet() % 2 == 0) {
                    throw ApiError.of(code, reason, "the API server has trouble");
                }
            });
            editUnderTrouble();
        });
    }

    private ChaosStep apiIsSlow() {
        return ChaosStep.harmless("delay each request by 300 ms and edit the route", () -> {
            cluster.embeddedApi().trouble(() -> pause(Duration.ofMillis(300)));
            editUnderTrouble();
        });
    }

    private void editUnderTrouble() {
        try {
            route.apply(edited());
            pause(Duration.ofSeconds(3));
        } finally {
            cluster.embeddedApi().trouble(() -> {});
        }
    }

    private Spec edited() {
        edits++;
        return ChaosIT.spec().idle(edits + "h").path("/").path("/edit-" + edits + "/");
    }

    private ChaosStep routeIsEdited() {
        return ChaosStep.harmless("edit the route", () -> route.apply(edited()));
    }

    private static Predicate<Client> through(String proxy) {
        return client -> client.proxy().equals(proxy);
    }

    private static Predicate<Client> of(String backend) {
        return client -> client.backend().equals(backend);
    }

    private void withoutApi(Runnable meanwhile) {
        cluster.embeddedApi().cutOff();
        try {
            meanwhile.run();
        } finally {
            cluster.embeddedApi().restore();
        }
    }

    private void delete(Pod pod) {
        space.client().resource(pod).delete();
    }

    private Pod any(List<Pod> pods) {
        List<Pod> ready = pods.stream().filter(EchoBackend::isReady).toList();
        return ready.get(random.nextInt(ready.size()));
    }

    /** How long something is away is part of the step. */
    private static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }
}
