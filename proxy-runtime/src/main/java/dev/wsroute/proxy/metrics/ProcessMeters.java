package dev.wsroute.proxy.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * What the process itself uses, under the names that Prometheus's dashboards expect. Read from {@code /proc} and the
 * JDK's own handles: the management beans would cost every proxy some megabytes.
 */
final class ProcessMeters {

    private static final long PAGE = 4096;

    private ProcessMeters() {}

    static void register(MeterRegistry registry) {
        Runtime runtime = Runtime.getRuntime();
        ProcessHandle.Info process = ProcessHandle.current().info();
        Gauge.builder("jvm.memory.heap.used.bytes", runtime, r -> r.totalMemory() - r.freeMemory())
                .description("Heap in use")
                .register(registry);
        Gauge.builder("jvm.memory.heap.max.bytes", runtime, Runtime::maxMemory)
                .description("Largest heap")
                .register(registry);
        Gauge.builder("process.resident.memory.bytes", ProcessMeters::resident)
                .description("Resident memory")
                .register(registry);
        Gauge.builder("jvm.threads", Thread::activeCount)
                .description("Live threads")
                .register(registry);
        FunctionCounter.builder("process.cpu.seconds", ProcessHandle.current(), ProcessMeters::cpuSeconds)
                .description("User and system CPU time")
                .register(registry);
        double started = process.startInstant().map(Instant::toEpochMilli).orElse(0L) / 1000.0;
        Gauge.builder("process.start.time.seconds", () -> started)
                .description("Start of the process since the epoch")
                .register(registry);
    }

    private static double resident() {
        try {
            String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ", 3);
            return Double.parseDouble(pages[1]) * PAGE;
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    private static double cpuSeconds(ProcessHandle process) {
        return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L) / 1e9;
    }
}
