// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import dev.wsroute.e2e.dev.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A running proxy that accepts connections on 127.0.0.1. */
final class RunningProxy implements AutoCloseable {

    private static final Duration START_PATIENCE = Duration.ofMinutes(2);

    private static final double NANOS_A_MILLI = 1e6;

    private static final String OUTPUT = "output";

    private final Contender contender;
    private final Processes processes;
    private final Process process;
    private final Path folder;
    private final Entrance entrance;
    private final int backendPort;
    private double startMillis;

    private RunningProxy(
            Contender contender,
            Processes processes,
            Process process,
            Path folder,
            Entrance entrance,
            int backendPort) {
        this.contender = contender;
        this.processes = processes;
        this.process = process;
        this.folder = folder;
        this.entrance = entrance;
        this.backendPort = backendPort;
    }

    /**
     * Starts a proxy and waits until it accepts connections.
     *
     * @param folder in which it gets a subfolder
     * @param identities certificates that it presents, if it supports TLS; empty: without TLS
     * @throws IllegalStateException with its last line if it ends, or accepts none within two minutes
     */
    static RunningProxy start(
            Contender contender, Processes processes, int core, Path folder, List<Identity> identities, int backendPort)
            throws IOException, InterruptedException {
        Path own = Files.createTempDirectory(folder, contender.label());
        Entrance entrance = new Entrance(freePort(), contender.canTls() ? identities : List.of());
        Contender.Launch launch = contender.launch(own, entrance, backendPort);
        long begun = System.nanoTime();
        Process process = processes.start(core, launch.command(), launch.environment(), own.resolve(OUTPUT));
        RunningProxy proxy = new RunningProxy(contender, processes, process, own, entrance, backendPort);
        try {
            Waiting.until(
                    contender.label() + " takes no connections",
                    START_PATIENCE,
                    () -> !process.isAlive() || proxy.takesConnections());
        } catch (IllegalStateException e) {
            throw proxy.notStarted(e);
        }
        if (!process.isAlive()) {
            throw proxy.notStarted(null);
        }
        proxy.startMillis = (System.nanoTime() - begun) / NANOS_A_MILLI;
        return proxy;
    }

    /** An unused port of 127.0.0.1. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    String label() {
        return contender.label();
    }

    int port() {
        return entrance.port();
    }

    Entrance entrance() {
        return entrance;
    }

    /** Time until a client could connect, to within 20 ms. */
    double startMillis() {
        return startMillis;
    }

    /** The ports of its backend and, if needed, of a spare one. */
    List<Integer> backendPorts(boolean spare, int sparePort) {
        return spare ? List.of(backendPort, sparePort) : List.of(backendPort);
    }

    /** Path of its configuration. */
    Path folder() {
        return folder;
    }

    /** Its output so far. */
    List<String> output() throws IOException {
        return Files.readAllLines(folder.resolve(OUTPUT));
    }

    long pid() {
        return process.pid();
    }

    /** The share of the memory that it and its children use, in kB (PSS in {@code /proc/PID/smaps_rollup}, proc(5)). */
    double proportionalMemory() throws IOException {
        double sum = 0;
        for (ProcessHandle each : Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList()) {
            sum += proportionalMemory(each.pid());
        }
        return sum;
    }

    private double proportionalMemory(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "smaps_rollup")).stream()
                .filter(line -> line.startsWith("Pss:"))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToDouble(Double::parseDouble)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the memory of " + label() + " cannot be read"));
    }

    @Override
    public void close() {
        processes.end(process);
    }

    /** Stops it and returns its last line. */
    private IllegalStateException notStarted(@Nullable Exception cause) throws IOException {
        List<String> said = output();
        close();
        return new IllegalStateException(
                label() + " did not start" + (said.isEmpty() ? "" : ": " + said.get(said.size() - 1)), cause);
    }

    private boolean presentsLast() throws IOException {
        List<Identity> identities = entrance.identities();
        return identities.isEmpty()
                || PresentedCertificate.at(
                                        port(),
                                        identities.get(identities.size() - 1).host())
                                .getVersion()
                        > 0;
    }

    private boolean takesConnections() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            return socket.isConnected() && presentsLast();
        } catch (IOException e) {
            return false;
        }
    }
}
