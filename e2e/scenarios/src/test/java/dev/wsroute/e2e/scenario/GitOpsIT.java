// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Routes in Git: what Argo CD and Flux say about them, no drift, and conflicts that name their cause. */
@Scenario
class GitOpsIT {

    @Test
    void healthFollowsTheRoute(Space space) {
        Route route = space.apply("chat", Spec.to("chat"));
        route.awaitCondition("ResolvedRefs", "False");
        assertHealth(route.get(), "Progressing", "chat", Kstatus.InProgress);

        space.backend("chat", 1);
        route.awaitReady().awaitCondition("BackendsAvailable", "True");
        WebSocketRoute ready = route.get();
        assertHealth(ready, "Healthy", "rolled out", Kstatus.Current);
        ready.getMetadata().setGeneration(ready.getMetadata().getGeneration() + 1);
        assertHealth(ready, "Progressing", "Waiting for the operator", Kstatus.InProgress);

        route.apply(Spec.to("chat").replicas(0));
        route.await("scaled to zero", current -> ArgoHealth.of(current).status().equals("Suspended"));
        assertHealth(route.get(), "Suspended", "replicas is 0", Kstatus.InProgress);

        route.apply(Spec.to("chat"));
        route.awaitReady();
        route.apply(Spec.to("chat").proxy("{image: 'wsroute/nope:1'}"));
        route.await("degraded", current -> ArgoHealth.of(current).status().equals("Degraded"));
        assertHealth(route.get(), "Degraded", "wsroute/nope:1", Kstatus.InProgress);
    }

    @Test
    void aRouteThatOnlyAnEditCanFixFails(Space space) {
        space.backend("chat", 1);
        // Each expression is small enough for the API; their sum is not for the operator.
        String match = "{path: {type: RegularExpression, value: '/([a-z]{60}){33}'}}";
        Route route = space.apply(
                "chat", Spec.to("chat").rule("{matches: [" + String.join(", ", Collections.nCopies(60, match)) + "]}"));

        route.awaitCondition("Stalled", "True");
        assertHealth(route.get(), "Degraded", "steps", Kstatus.Failed);

        route.apply(Spec.to("chat"));
        route.awaitReady().awaitCondition("BackendsAvailable", "True");
        assertHealth(route.get(), "Healthy", "rolled out", Kstatus.Current);
    }

    @Test
    void aRouteThatWasReconciledShowsNoDifference(Space space, SuiteCluster cluster, @TempDir Path folder)
            throws IOException {
        space.backend("chat", 1);
        Kubectl kubectl = new Kubectl(cluster, space);
        Route route = space.route("chat");
        Path manifest = manifest(route, Spec.to("chat"), folder);

        kubectl.run("apply", "--server-side", "-f", manifest.toString());
        route.awaitReady();

        assertThat(kubectl.run("diff", "--server-side", "-f", manifest.toString()))
                .isEmpty();
        assertThat(route.get().getMetadata().getManagedFields())
                .filteredOn(
                        entry -> entry.getFieldsV1().getAdditionalProperties().containsKey("f:spec"))
                .extracting(entry -> entry.getManager())
                .containsExactly("kubectl");

        Path edited = manifest(route, Spec.to("chat").idle("1h"), folder);
        assertThat(kubectl.attempt("diff", "--server-side", "-f", edited.toString())
                        .output())
                .contains("idle: 1h");
    }

    @Test
    void aConflictNamesTheOtherTool(Space space, SuiteCluster cluster, @TempDir Path folder) throws IOException {
        space.backend("chat", 1);
        Kubectl kubectl = new Kubectl(cluster, space);
        Route route = space.route("chat");
        kubectl.run(
                "apply",
                "--server-side",
                "--field-manager=argocd-controller",
                "-f",
                manifest(route, Spec.to("chat").idle("1h"), folder).toString());

        Kubectl.Outcome refused = kubectl.attempt(
                "apply",
                "--server-side",
                "-f",
                manifest(route, Spec.to("chat").idle("2h"), folder).toString());

        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.output())
                .containsPattern("conflicts? with \"argocd-controller\"")
                .contains(".spec.rules[name=\"main\"].timeouts.idle");
        route.awaitReady();
    }

    private static void assertHealth(WebSocketRoute route, String argo, String message, Kstatus flux) {
        ArgoHealth health = ArgoHealth.of(route);
        assertThat(health.status()).as(health.message()).isEqualTo(argo);
        assertThat(health.message()).contains(message);
        assertThat(Kstatus.of(route)).isEqualTo(flux);
    }

    private static Path manifest(Route route, Spec spec, Path folder) throws IOException {
        return Files.writeString(
                folder.resolve("route.json"), route.manifest(spec).toPrettyString());
    }
}
