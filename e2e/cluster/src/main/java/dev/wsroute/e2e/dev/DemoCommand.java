// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.dev;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code make demo}: a scripted minute that ends with a table. Exits with 0 only if no connection was cut needlessly. */
@Command(
        name = "demo",
        description = "Shows what scaling, edits, a crash and a roll-out do to live connections.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private ClusterOptions options = new ClusterOptions();

    @Option(
            names = "--svg",
            paramLabel = "FILE",
            description = "Write a chart of the proxies' roll-out to this file: when each connection was closed.")
    private @Nullable Path svg;

    @Override
    public Integer call() throws Exception {
        Console console = new Console(Objects.requireNonNull(spec).commandLine().getOut());
        try (Session session = Session.start(options, console)) {
            console.step("applying the demonstration's backends and route");
            Manifests.read(Objects.requireNonNull(DemoCommand.class.getResource("demo.yaml")))
                    .forEach(session.manifests()::apply);
            new RouteProgress(session.client(), console::detail).awaitReady(Demo.NAMESPACE, Demo.ROUTE, PATIENCE);
            URI uri = session.address(Demo.NAMESPACE, Demo.ROUTE);
            List<StepResult> results = Demo.play(session.client(), console, uri);
            boolean passed = results.stream().allMatch(StepResult::passed);
            console.line("");
            console.line(StepResult.header());
            results.forEach(result -> console.line(result.row()));
            console.line("");
            console.line(
                    passed
                            ? "No connection was cut that a step did not concern."
                            : "Connections were cut that they should not have been: see the last column.");
            if (svg != null) {
                StepResult rollOut = results.get(results.size() - 1);
                Files.writeString(
                        svg, new StepChart("A roll-out of the proxies, seen by their clients", rollOut).svg());
                console.line("Chart: " + svg);
            }
            if (passed) {
                session.succeeded();
            }
            return passed ? 0 : 1;
        }
    }
}
