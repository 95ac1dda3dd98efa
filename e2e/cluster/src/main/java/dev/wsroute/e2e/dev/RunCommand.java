// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.dev;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code make run}: the product with a sample, until Ctrl-C. */
@Command(
        name = "run",
        description = "Starts a cluster, the operator, a sample backend and its route; stops everything on Ctrl-C.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

    private static final String EXAMPLE = "deploy/examples/echo.yaml";
    private static final String NAMESPACE = "default";
    private static final String NAME = "echo";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private ClusterOptions options = new ClusterOptions();

    @Override
    public Integer call() throws Exception {
        Console console = new Console(Objects.requireNonNull(spec).commandLine().getOut());
        try (Session session = Session.start(options, console)) {
            console.step("applying " + EXAMPLE);
            applyExample(session);
            new RouteProgress(session.client(), console::detail).awaitReady(NAMESPACE, NAME, PATIENCE);
            URI uri = session.address(NAMESPACE, NAME);
            console.step("Ready");
            printWhatToTry(console, session.kubeconfig(), uri);
            session.succeeded();
            session.awaitInterrupt();
        }
        return 0;
    }

    /** The ClusterIPs of the embedded cluster are not reachable. */
    private static void applyExample(Session session) throws IOException {
        for (GenericKubernetesResource object :
                Manifests.read(session.repository().get(EXAMPLE))) {
            if (object.getKind().equals("WebSocketRoute")) {
                Map<String, Object> proxy = object.get("spec", "proxy");
                proxy.put("service", Map.of("type", "LoadBalancer"));
            }
            session.manifests().apply(object);
        }
    }

    private static void printWhatToTry(Console console, Path kubeconfig, URI uri) {
        console.line("");
        console.line("  kubeconfig  " + kubeconfig);
        console.line("  WebSocket   " + uri);
        console.line("");
        console.line("Try, in another terminal:");
        console.line("");
        console.line("  export KUBECONFIG=" + kubeconfig);
        console.line("  kubectl get wsr -o wide");
        console.line("  kubectl scale deployment " + NAME + " --replicas=4");
        console.line("  kubectl rollout restart deployment " + NAME);
        console.line("  java -jar e2e/cluster/target/wsroute-dev.jar client " + uri);
        console.line("");
        console.line("Ctrl-C stops everything.");
    }
}
