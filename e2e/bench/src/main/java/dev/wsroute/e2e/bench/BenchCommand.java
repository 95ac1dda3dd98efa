// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wsroute.e2e.bench.machine.Cores;
import dev.wsroute.e2e.bench.machine.Machine;
import dev.wsroute.e2e.bench.machine.Programs;
import dev.wsroute.e2e.dev.Repository;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code make bench} and {@code make bench-smoke}. */
@Command(
        name = "proxies",
        description = "Measures this proxy beside nginx, HAProxy, Caddy and a relay that parses nothing.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class BenchCommand implements Callable<Integer> {

    private static final List<LoadScenario> SMOKE_SCENARIOS =
            List.of(LoadScenario.ECHO, LoadScenario.PIPELINED, LoadScenario.CONNECT);
    private static final double SMOKE_SECONDS = 1;
    private static final int SMOKE_WARM_UPS = 10;
    private static final double MILLIS_A_SECOND = 1000;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "3", description = "Rounds; medians are shown.")
    private int rounds;

    @Option(names = "--seconds", paramLabel = "S", defaultValue = "5", description = "Length of each run.")
    private double seconds;

    @Option(names = "--scenarios", paramLabel = "NAME", split = ",", description = "Only these scenarios.")
    private @Nullable List<String> scenarios;

    @Option(
            names = "--proxies",
            paramLabel = "NAME",
            split = ",",
            description = "Only these of relay, nginx, haproxy, caddy, before, plain, ours, direct.")
    private @Nullable List<String> proxies;

    @Option(names = "--tls", description = "Over TLS 1.3 with ECDSA P-256 and X25519; 'plain' is ours without it.")
    private boolean tls;

    @Option(
            names = "--certificates",
            paramLabel = "N",
            defaultValue = "" + ManyCertificates.COUNT,
            description = "Of the listener in the scenario 'certificates'.")
    private int certificates;

    @Option(names = "--warm-ups", paramLabel = "N", defaultValue = "20", description = "Runs to warm ours up, at most.")
    private int warmUps;

    @Option(names = "--connections", paramLabel = "N", description = "Instead of the scenarios' own numbers.")
    private @Nullable Integer connections;

    @Option(names = "--java", paramLabel = "HOME", description = "JDK for our proxy. Default: 25 where it is found.")
    private @Nullable Path java;

    @Option(
            names = "--syscalls",
            description = "Also counts system calls a message, with strace, in runs of their own.")
    private boolean systemCalls;

    @Option(
            names = "--allocations",
            description = "Also shows what ours allocates a message, with JFR, in runs of their own.")
    private boolean allocations;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes all figures there.")
    private @Nullable Path json;

    @Option(names = "--svg", paramLabel = "FILE", description = "Draws CPU per message there.")
    private @Nullable Path svg;

    @Option(names = "--before", paramLabel = "JAR", description = "An older proxy of ours, measured beside this one.")
    private @Nullable Path before;

    @Option(names = "--overload", description = "Only the scenario 'overload'.")
    private boolean overload;

    @Option(names = "--access", description = "Only the scenarios 'access-…': handshakes with checks of who connects.")
    private boolean access;

    @Option(
            names = "--cpu",
            paramLabel = "SHARE",
            defaultValue = "1",
            description = "Of a core, for each proxy in 'overload'; less than 1 needs root.")
    private double cpu;

    @Option(names = "--smoke", description = "Three scenarios, briefly.")
    private boolean smoke;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        List<LoadScenario> measured = wantedScenarios();
        checkFlags();
        Selection selection = new Selection(proxies, smoke, tls, before);
        Repository repository = Repository.locate();
        // Short, since the names of 10,000 files must fit into a configuration of 1 MiB.
        Path folder = Files.createDirectory(Path.of(
                System.getProperty("java.io.tmpdir"),
                "bench-" + ProcessHandle.current().pid()));
        try (Processes processes = new Processes(folder)) {
            NativePrograms programs = NativePrograms.compile(repository.get("e2e/bench"), folder);
            JavaRuntime runtime = JavaRuntime.find(java);
            List<Contender> contenders = selection.contenders(
                    out, programs, runtime, repository.get("proxy-runtime/target/wsroute-proxy.jar"));
            List<Identity> identities =
                    tls ? Identity.make(programs.certificates(), folder.resolve("identity"), 1) : List.of();
            Map<String, String> about = about(contenders, runtime);
            about.forEach((name, value) -> out.println(name + ": " + value));
            Cores cores = Cores.available();
            Plan plan = new Plan(
                    measured,
                    contenders,
                    selection.includes(Contender.DIRECT),
                    rounds,
                    duration(),
                    smoke ? Math.min(SMOKE_WARM_UPS, warmUps) : warmUps,
                    connections == null ? OptionalInt.empty() : OptionalInt.of(connections),
                    certificates,
                    cpu,
                    probes(out, processes, cores, runtime));
            Results results = new Benchmark(plan, processes, cores, programs, folder, identities, out).run();
            show(out, about, results);
            Regressions.warnings(results).forEach(out::println);
            out.flush();
            return 0;
        }
    }

    private void show(PrintWriter out, Map<String, String> about, Results results) throws IOException {
        List<String> columns = List.copyOf(results.proxies());
        Report report = new Report(results, columns);
        for (Table table : report.tables()) {
            out.println();
            table.lines().forEach(out::println);
        }
        report.insights().forEach(out::println);
        report.bottlenecks().forEach(out::println);
        if (json != null) {
            ResultFile.write(json, about, results);
        }
        if (svg != null) {
            Files.writeString(svg, new Chart(columns, report.cpu()).svg(), UTF_8);
        }
        out.flush();
    }

    private List<Probe> probes(PrintWriter out, Processes processes, Cores cores, JavaRuntime runtime) {
        List<Probe> probes = new ArrayList<>();
        if (systemCalls) {
            Programs.find("strace")
                    .ifPresentOrElse(
                            strace -> probes.add(new SystemCalls.Counter(strace, processes, cores.rest())),
                            () -> out.println("system calls: not measured: no strace"));
        }
        if (allocations) {
            runtime.jcmd()
                    .ifPresentOrElse(
                            jcmd -> probes.add(new Allocations.Recorder(jcmd)),
                            () -> out.println("allocations: not measured: no jcmd in " + runtime.home()));
        }
        return probes;
    }

    private Map<String, String> about(List<Contender> contenders, JavaRuntime runtime)
            throws IOException, InterruptedException {
        Map<String, String> about = new LinkedHashMap<>();
        about.put("machine", Machine.describe().sentence());
        about.putAll(Selection.versions(contenders));
        about.put("java", runtime.version() + ", " + String.join(" ", runtime.flags()));
        if (tls) {
            about.put("tls", "1.3, TLS_AES_128_GCM_SHA256, X25519, certificates with ECDSA P-256");
        }
        return about;
    }

    private void checkFlags() {
        if (rounds < 1) {
            throw usage("--rounds must be at least 1, got " + rounds);
        }
        if (seconds <= 0) {
            throw usage("--seconds must be more than 0, got " + seconds);
        }
        if (warmUps < 0) {
            throw usage("--warm-ups must not be negative, got " + warmUps);
        }
        if (connections != null && connections < 1) {
            throw usage("--connections must be at least 1, got " + connections);
        }
        if (certificates < 1 || certificates > ManyCertificates.COUNT) {
            throw usage("--certificates must be 1 to " + ManyCertificates.COUNT + ", got " + certificates);
        }
        if (!(cpu > 0 && cpu <= 1)) {
            throw usage("--cpu must be more than 0 and at most 1, got " + cpu);
        }
        List<String> known = Selection.known();
        for (String wanted : proxies == null ? List.<String>of() : proxies) {
            if (!known.contains(wanted)) {
                throw usage("--proxies must be some of " + String.join(", ", known) + ", got '" + wanted + "'");
            }
        }
    }

    private Duration duration() {
        return Duration.ofMillis((long) (MILLIS_A_SECOND * (smoke ? Math.min(seconds, SMOKE_SECONDS) : seconds)));
    }

    private List<LoadScenario> wantedScenarios() {
        List<LoadScenario> wanted = selectedScenarios();
        if (tls && wanted.stream().anyMatch(LoadScenario::checksAccess)) {
            throw usage("scenarios that check access cannot be measured with --tls");
        }
        return wanted;
    }

    private List<LoadScenario> selectedScenarios() {
        if (overload) {
            return List.of(LoadScenario.OVERLOAD);
        }
        if (access) {
            return LoadScenario.access();
        }
        if (scenarios != null) {
            return scenarios.stream().map(this::scenario).toList();
        }
        return smoke ? SMOKE_SCENARIOS : LoadScenario.all(tls);
    }

    private LoadScenario scenario(String label) {
        LoadScenario scenario = LoadScenario.labelled(label)
                .orElseThrow(() -> usage("--scenarios must be some of " + String.join(", ", LoadScenario.labels())
                        + ", got '" + label + "'"));
        if (scenario.needsTls() && !tls) {
            throw usage("--scenarios " + label + " needs --tls");
        }
        return scenario;
    }

    private ParameterException usage(String sentence) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), sentence);
    }
}
