// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Counts the system calls of all threads of a proxy with {@code strace -c}. */
final class SystemCalls implements Companion {

    private final RunningProxy proxy;
    private final Path program;
    private final Processes processes;
    private final int core;
    private final Path summary;
    private @Nullable Process strace;

    /**
     * @param strace the program
     * @param core on which it runs
     */
    record Counter(Path strace, Processes processes, int core) implements Probe {

        @Override
        public boolean looksInto(RunningProxy proxy) {
            return true;
        }

        @Override
        public Companion into(RunningProxy proxy) {
            return new SystemCalls(proxy, this);
        }
    }

    private SystemCalls(RunningProxy proxy, Counter counter) {
        this.proxy = proxy;
        this.processes = counter.processes();
        this.core = counter.core();
        this.program = counter.strace();
        this.summary = proxy.folder().resolve("strace");
    }

    /** @throws NotMeasuredException if the proxy cannot be traced */
    @Override
    public void begin() throws IOException {
        Process started = processes.start(
                core,
                List.of(program.toString(), "-c", "-f", "-o", summary.toString(), "-p", Long.toString(proxy.pid())));
        strace = started;
        BufferedReader said = started.errorReader(UTF_8);
        String first = said.readLine();
        if (first == null || !first.contains(" attached")) {
            throw new NotMeasuredException(first == null ? "strace ended" : first);
        }
    }

    @Override
    public Measurement end(Measurement measured) throws IOException {
        close();
        double messages = Probe.count(measured);
        Map<String, Double> figures = new TreeMap<>();
        long total = 0;
        for (Map.Entry<String, Long> each :
                StraceSummary.calls(Files.readAllLines(summary)).entrySet()) {
            figures.put(Measurement.SYSTEM_CALL + each.getKey(), each.getValue() / messages);
            total += each.getValue();
        }
        if (total == 0) {
            throw new NotMeasuredException("strace saw no system call");
        }
        figures.put(Measurement.SYSTEM_CALLS, total / messages);
        return new Measurement(figures);
    }

    @Override
    public void close() {
        if (strace != null) {
            processes.end(strace);
            strace = null;
        }
    }
}
