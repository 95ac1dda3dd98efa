// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.testkit.Written;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A process and its output, with both streams merged. Closing it ends it and its children. */
final class StartedProgram implements AutoCloseable {

    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> allRead;

    StartedProgram(List<String> command) throws IOException {
        this(Map.of(), command);
    }

    /** @param environment variables in addition to those of this process */
    StartedProgram(Map<String, String> environment, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        process = builder.start();
        allRead = CompletableFuture.runAsync(this::readAll, task -> {
            Thread reader = new Thread(task, "output of " + command.get(0));
            reader.setDaemon(true);
            reader.start();
        });
    }

    static StartedProgram start(String... command) throws IOException {
        return new StartedProgram(List.of(command));
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    /** Waits until it ends by itself and returns its exit status. */
    int exitStatus(Duration within) throws Exception {
        if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("it did not end within " + within.toSeconds() + " s and printed " + lines);
        }
        allRead.get(5, TimeUnit.SECONDS);
        return process.exitValue();
    }

    /** Waits for a line with {@code pattern} and returns its first group. */
    String awaitLine(String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        return Awaitility.await("a line with " + pattern)
                .failFast(
                        "it ended without that",
                        () -> assertThat(process.isAlive() || find(compiled) != null)
                                .as(() -> String.join("\n", lines))
                                .isTrue())
                .until(() -> find(compiled), found -> found != null);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Asks it to end (SIGTERM). */
    void terminate() {
        // Process.destroy() would also stop reading its output.
        process.toHandle().destroy();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
        Written.add("programs", String.join("\n", lines));
    }

    private @Nullable String find(Pattern pattern) {
        return lines.stream()
                .map(pattern::matcher)
                .filter(Matcher::find)
                .map(matcher -> matcher.group(1))
                .findFirst()
                .orElse(null);
    }

    private void readAll() {
        try (BufferedReader reader = process.inputReader(UTF_8)) {
            reader.lines().forEach(lines::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
