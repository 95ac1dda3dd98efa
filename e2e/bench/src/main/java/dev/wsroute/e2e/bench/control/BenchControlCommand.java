// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.control;

import dev.wsroute.e2e.bench.machine.Machine;
import dev.wsroute.e2e.dev.Repository;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code make bench-control}. */
@Command(
        name = "control",
        description = "Measures how quickly, and with how many requests, operator and proxy follow the Kubernetes API.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class BenchControlCommand implements Callable<Integer> {

    /** The values of {@code --parts}. */
    enum Part {
        endpoints,
        programmed,
        steady,
        cold
    }

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--parts",
            paramLabel = "PART",
            split = ",",
            description = "Of endpoints, programmed, steady, cold; separated by commas. Default: all.")
    private Set<Part> parts = EnumSet.allOf(Part.class);

    @Option(
            names = "--changes",
            defaultValue = "500",
            description = "endpoints: how many changes of an EndpointSlice. Default: ${DEFAULT-VALUE}.")
    private int changes;

    @Option(
            names = "--edits",
            defaultValue = "100",
            description = "programmed: how many edits of a route. Default: ${DEFAULT-VALUE}.")
    private int edits;

    @Option(
            names = "--rate",
            defaultValue = "100",
            description = "steady: changes of an EndpointSlice a second. Default: ${DEFAULT-VALUE}.")
    private int rate;

    @Option(names = "--seconds", defaultValue = "20", description = "steady: how long. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--routes",
            defaultValue = "5000",
            description = "cold: how many routes. Default: ${DEFAULT-VALUE}.")
    private int routes;

    @Option(
            names = "--endpoints-each",
            defaultValue = "10",
            description = "cold: how many endpoints the backend of each has. Default: ${DEFAULT-VALUE}.")
    private int endpointsEach;

    @Option(
            names = "--java-option",
            paramLabel = "OPTION",
            description =
                    "cold: for the operator, besides those of its image, such as -XX:+PrintFlagsFinal; repeatable.")
    private List<String> javaOptions = new ArrayList<>();

    @Option(
            names = "--hold",
            description = "cold: keep the API server afterwards, to try operators on it by hand, until Ctrl-C.")
    private boolean hold;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures there too.")
    private @Nullable Path json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        checkFlags();
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        Progress progress = new Progress(out);
        Repository repository = Repository.locate();
        Machine machine = Machine.describe();
        List<Figure> figures = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        ControlResults results = new ControlResults(machine, figures, notes);
        try {
            if (!EnumSet.of(Part.cold).containsAll(parts)) {
                live(repository, progress, figures, notes);
            }
            if (parts.contains(Part.cold)) {
                cold(repository, progress, figures, notes);
            }
        } finally {
            // Results so far, if the run ends early.
            results.print(out);
            if (json != null) {
                results.write(json);
            }
        }
        return results.missed() ? 1 : 0;
    }

    private void checkFlags() {
        Map<String, Integer> counts = Map.of(
                "--changes", changes,
                "--edits", edits,
                "--rate", rate,
                "--seconds", seconds,
                "--routes", routes,
                "--endpoints-each", endpointsEach);
        counts.forEach((flag, count) -> {
            if (count < 1) {
                throw new ParameterException(
                        Objects.requireNonNull(spec).commandLine(), flag + " must be at least 1, got " + count);
            }
        });
    }

    private void live(Repository repository, Progress progress, List<Figure> figures, List<String> notes)
            throws IOException, InterruptedException {
        progress.step("starting a cluster, the operator, a route and its proxy");
        try (LiveCluster live = LiveCluster.start(repository)) {
            if (parts.contains(Part.endpoints)) {
                progress.step("changing an EndpointSlice " + changes + " times, with connections back to back");
                EndpointChanges.ChangesOutcome outcome = new EndpointChanges(live).run(changes);
                figures.addAll(outcome.figures());
                notes.add(outcome.churn().note());
            }
            if (parts.contains(Part.programmed)) {
                progress.step("editing the route " + edits + " times");
                figures.addAll(RouteEdits.figures(new RouteEdits(live).run(edits)));
            }
            if (parts.contains(Part.steady)) {
                progress.step("changing the EndpointSlice " + rate + " times a second, for " + seconds + " s");
                SteadyChurn.ChurnOutcome outcome = new SteadyChurn(live).run(rate, seconds);
                figures.addAll(outcome.figures());
                notes.add(outcome.churn().note());
            }
        }
    }

    private void cold(Repository repository, Progress progress, List<Figure> figures, List<String> notes)
            throws IOException, InterruptedException {
        try (ColdStart cold = new ColdStart(repository, new RouteStock(routes, endpointsEach), progress)) {
            cold.prepare();
            try {
                ColdStart.ColdStartOutcome outcome = cold.measure(javaOptions);
                figures.addAll(outcome.figures());
                notes.add(outcome.note());
            } finally {
                if (hold) {
                    progress.step("the API server stays: KUBECONFIG=" + cold.kubeconfig());
                    new CountDownLatch(1).await();
                }
            }
        }
    }
}
