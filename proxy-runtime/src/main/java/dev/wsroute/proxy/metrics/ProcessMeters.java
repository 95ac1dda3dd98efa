// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.stream.Stream;

/**
 * Resource usage of the process, under the names that Prometheus dashboards expect. Read from {@code /proc} and JDK
 * APIs, since the management beans would cost each proxy some megabytes.
 */
final class ProcessMeters {

    private static final long PAGE = 4096;

    private ProcessMeters() {}

    static void register(MeterRegistry registry) {
        registerDescriptors(registry);
        if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider provider) {
            Gauge.builder(
                            "wsroute.direct.memory.bytes",
                            provider,
                            p -> p.metric().usedDirectMemory())
                    .description("Direct memory held for buffers")
                    .register(registry);
        }
        Runtime runtime = Runtime.getRuntime();
        ProcessHandle.Info process = ProcessHandle.current().info();
        Gauge.builder("jvm.memory.heap.used.bytes", runtime, r -> r.totalMemory() - r.freeMemory())
                .description("Used heap")
                .register(registry);
        Gauge.builder("jvm.memory.heap.max.bytes", runtime, Runtime::maxMemory)
                .description("Maximum heap")
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
                .description("Start time of the process since the Unix epoch")
                .register(registry);
    }

    private static void registerDescriptors(MeterRegistry registry) {
        Gauge.builder("process.open.fds", ProcessMeters::openDescriptors)
                .description("Open file descriptors")
                .register(registry);
        double most = maxDescriptors();
        Gauge.builder("process.max.fds", () -> most)
                .description("Maximum number of open file descriptors")
                .register(registry);
    }

    private static double openDescriptors() {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            int count = 0;
            for (Iterator<Path> next = open.iterator(); next.hasNext(); next.next()) {
                count++;
            }
            // Without the descriptor of this listing.
            return count - 1;
        } catch (IOException | DirectoryIteratorException e) {
            return Double.NaN;
        }
    }

    private static double maxDescriptors() {
        try (Stream<String> limits = Files.lines(Path.of("/proc/self/limits"))) {
            return limits.filter(line -> line.startsWith("Max open files"))
                    .map(line -> line.trim().split(" +", -1)[3])
                    .mapToDouble(soft -> soft.equals("unlimited") ? Double.POSITIVE_INFINITY : Double.parseDouble(soft))
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException e) {
            return Double.NaN;
        }
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
