// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * All processes that the benchmark starts, each on one core and with the maximum number of file descriptors. Closing this,
 * or ending this program (also with Ctrl-C), ends them and deletes the folder with their files.
 */
final class Processes implements AutoCloseable {

    private static final long GRACE_SECONDS = 3;
    // The shell and taskset exec what they start, so that the process keeps the pid.
    private static final List<String> PINNED =
            List.of("sh", "-c", "ulimit -n \"$(ulimit -Hn)\"; exec taskset -c \"$0\" \"$@\"");

    private final Set<Process> running = ConcurrentHashMap.newKeySet();
    private final Path folder;
    private boolean ended;
    private final Thread hook = new Thread(this::endAll, "ends what the benchmark started");

    /** Keeps their files in a folder that nothing else uses. */
    Processes(Path folder) {
        this.folder = folder;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Starts a proxy with its output in a file. */
    Process start(int core, List<String> command, Map<String, String> environment, Path output) throws IOException {
        ProcessBuilder builder = pinned(core, command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        return started(builder);
    }

    /** Starts a program that is controlled through its standard streams. */
    Process start(int core, List<String> command) throws IOException {
        return started(pinned(core, command));
    }

    /** Asks the process to end, and kills it after three seconds. */
    void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().onExit().join();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        running.remove(process);
    }

    @Override
    public void close() {
        endAll();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The shutdown hook is about to run and will find nothing to end.
        }
    }

    private synchronized void endAll() {
        ended = true;
        running.forEach(Process::destroy);
        List.copyOf(running).forEach(this::end);
        try (Stream<Path> files = Files.exists(folder) ? Files.walk(folder) : Stream.of()) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized Process started(ProcessBuilder builder) throws IOException {
        if (ended) {
            throw new IllegalStateException("the benchmark ends");
        }
        Process process = builder.start();
        running.add(process);
        return process;
    }

    private static ProcessBuilder pinned(int core, List<String> command) {
        List<String> whole = new ArrayList<>(PINNED);
        whole.add(Integer.toString(core));
        whole.addAll(command);
        return new ProcessBuilder(whole);
    }
}
