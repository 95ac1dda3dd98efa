// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.dev;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.e2e.client.Fleet;
import dev.wsroute.e2e.client.Fleet.Member;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The script of {@code make demo}: the events of a day and their effect on open connections, in about a minute. */
final class Demo {

    static final String NAMESPACE = "wsroute-demo";
    static final String ROUTE = "chat";

    private static final int CLIENTS = 200;
    private static final int NEWCOMERS = 40;
    private static final int PROXY_LEAVES = 1001;
    private static final int BACKEND_LEAVES = 1012;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /** How long to watch for wrongly closed connections after a step has taken effect. */
    private static final Duration AFTERMATH = Duration.ofMillis(1500);

    private final Console console;
    private final Resource<WebSocketRoute> route;
    private final DemoBackends backends;
    private final URI uri;
    private final Fleet fleet;
    private final List<StepResult> results = new ArrayList<>();

    private Demo(KubernetesClient client, Console console, URI uri, Fleet fleet) {
        this.console = console;
        this.route =
                client.resources(WebSocketRoute.class).inNamespace(NAMESPACE).withName(ROUTE);
        this.backends = new DemoBackends(client, NAMESPACE);
        this.uri = uri;
        this.fleet = fleet;
    }

    /**
     * Runs the script with the route {@value #ROUTE}, which must be Ready.
     *
     * @param uri for its clients
     * @return what the clients saw in each step
     * @throws IllegalStateException if a step does not finish
     */
    static List<StepResult> play(KubernetesClient client, Console console, URI uri) throws InterruptedException {
        try (Fleet fleet = new Fleet(uri)) {
            Demo demo = new Demo(client, console, uri, fleet);
            demo.play();
            return List.copyOf(demo.results);
        }
    }

    private void play() throws InterruptedException {
        console.step(CLIENTS + " clients connect");
        console.detail(Fleet.byBackend(fleet.grow(CLIENTS)).toString());

        step(DemoStep.unnoticed("backend scales 2 -> 4", () -> backends.scale(4), () -> backends.available(4)));
        console.detail(NEWCOMERS + " more clients: " + Fleet.byBackend(fleet.grow(NEWCOMERS)));

        Predicate<Member> leaving = member -> !backends.staying().contains(member.backend());
        step(new DemoStep(
                "backend scales 4 -> 3",
                () -> backends.scale(3),
                () -> backends.staying().size() == 3 && allGone(leaving),
                leaving,
                BACKEND_LEAVES));

        step(DemoStep.unnoticed(
                "route is edited",
                () -> editRoute("{\"spec\": {\"hostnames\": [\"%s\", \"chat.example.com\"]}}".formatted(uri.getHost())),
                this::routeReady));

        Member messenger = fleet.members().get(0);
        Predicate<Member> ofTheKilled = member -> member.backend().equals(messenger.backend());
        step(new DemoStep(
                "a backend process is killed",
                () -> messenger.connection().send("/crash"),
                () -> allGone(ofTheKilled),
                ofTheKilled,
                BACKEND_LEAVES));

        step(new DemoStep(
                "proxies are rolled",
                () -> editRoute("{\"spec\": {\"proxy\": {\"podAnnotations\": {\"demo\": \"rolled\"}}}}"),
                () -> allGone(member -> true),
                member -> true,
                PROXY_LEAVES));
    }

    private void step(DemoStep step) throws InterruptedException {
        console.step(step.name());
        List<Member> members = fleet.members();
        long startNanos = System.nanoTime();
        step.action().run();
        Waiting.until(step.name(), PATIENCE, step.done());
        TimeUnit.NANOSECONDS.sleep(AFTERMATH.toNanos());
        results.add(StepResult.of(step, members, startNanos));
        fleet.reconnect();
    }

    private boolean allGone(Predicate<Member> whose) {
        return fleet.members().stream().filter(Member::isOpen).noneMatch(whose);
    }

    private void editRoute(String mergePatch) {
        route.patch(PatchContext.of(PatchType.JSON_MERGE), mergePatch);
    }

    private boolean routeReady() {
        return RouteProgress.isReady(route.require());
    }
}
