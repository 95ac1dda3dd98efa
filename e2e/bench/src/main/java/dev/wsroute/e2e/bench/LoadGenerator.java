// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs the program {@code load}, which acts as clients and backends, on a separate core. */
final class LoadGenerator {

    private static final String READY = "READY";

    private final Path program;
    private final Processes processes;
    private final int core;
    private final int backendPort;
    private final int sparePort;
    private final ObjectMapper json = new ObjectMapper();

    LoadGenerator(Path program, Processes processes, int core, int backendPort, int sparePort) {
        this.program = program;
        this.processes = processes;
        this.core = core;
        this.backendPort = backendPort;
        this.sparePort = sparePort;
    }

    /**
     * Measures through a proxy.
     *
     * @throws LoadFailedException if a connection was lost or an echo was wrong
     */
    Measurement through(RunningProxy proxy, List<String> flags, Duration warmUp, Duration measured)
            throws IOException, InterruptedException {
        List<String> all = timed(flags, warmUp, measured);
        all.addAll(List.of("--pid", Long.toString(proxy.pid())));
        return run(proxy.label(), command(proxy, all));
    }

    /**
     * Measures through a proxy with another activity during the measured interval.
     *
     * @return the figures of both
     */
    Measurement through(RunningProxy proxy, List<String> flags, Duration warmUp, Duration measured, Companion companion)
            throws IOException, InterruptedException {
        List<String> all = timed(flags, warmUp, measured);
        all.addAll(List.of("--pid", Long.toString(proxy.pid()), "--hold"));
        Process load = processes.start(core, command(proxy, all));
        try (BufferedReader lines = load.inputReader(UTF_8);
                Writer answers = load.outputWriter(UTF_8);
                companion) {
            if (!READY.equals(lines.readLine())) {
                throw broken(proxy.label(), load);
            }
            companion.begin();
            answers.write("\n");
            answers.flush();
            String printed = lines.readLine();
            if (printed == null) {
                throw broken(proxy.label(), load);
            }
            return companion.end(figures(printed));
        } finally {
            processes.end(load);
        }
    }

    /** Measures without a proxy: the limit of the generator itself. */
    Measurement direct(List<String> flags, Duration warmUp, Duration measured)
            throws IOException, InterruptedException {
        return run(Contender.DIRECT, command(backendPort, timed(flags, warmUp, measured)));
    }

    /** Opens connections through a proxy, waits, measures its memory, and closes them. */
    double memoryWithIdleConnections(RunningProxy proxy, List<String> flags, Duration rest)
            throws IOException, InterruptedException {
        Process load = processes.start(core, command(proxy, flags));
        try (BufferedReader lines = load.inputReader(UTF_8)) {
            if (!READY.equals(lines.readLine())) {
                throw broken(proxy.label(), load);
            }
            TimeUnit.MILLISECONDS.sleep(rest.toMillis());
            return proxy.proportionalMemory();
        } finally {
            processes.end(load);
        }
    }

    private Measurement run(String through, List<String> command) throws IOException, InterruptedException {
        Process load = processes.start(core, command);
        try {
            String printed = new String(load.getInputStream().readAllBytes(), UTF_8);
            if (load.waitFor() != 0) {
                throw broken(through, load);
            }
            return figures(printed);
        } finally {
            processes.end(load);
        }
    }

    private Measurement figures(String printed) throws IOException {
        return new Measurement(json.readValue(printed, new TypeReference<Map<String, Double>>() {}));
    }

    private List<String> command(RunningProxy proxy, List<String> flags) {
        List<String> command = command(proxy.port(), flags);
        if (proxy.entrance().isSecure()) {
            command.add("--tls");
        }
        return command;
    }

    private List<String> command(int port, List<String> flags) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of("--target-port", Integer.toString(port)));
        command.addAll(List.of("--backend-port", Integer.toString(backendPort)));
        command.addAll(List.of("--spare-port", Integer.toString(sparePort)));
        command.addAll(flags);
        return command;
    }

    private static List<String> timed(List<String> flags, Duration warmUp, Duration measured) {
        List<String> timed = new ArrayList<>(flags);
        timed.addAll(List.of("--warm-up", seconds(warmUp), "--seconds", seconds(measured)));
        return timed;
    }

    private static String seconds(Duration duration) {
        return Double.toString(duration.toMillis() / 1000.0);
    }

    private static LoadFailedException broken(String through, Process load) throws IOException, InterruptedException {
        String said = new String(load.getErrorStream().readAllBytes(), UTF_8).trim();
        load.waitFor();
        return new LoadFailedException("the load through " + through + " failed: "
                + (said.isEmpty() ? "exit status " + load.exitValue() : said));
    }
}
