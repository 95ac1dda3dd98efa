package dev.wsroute.e2e.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A started proxy that takes connections on 127.0.0.1. */
final class RunningProxy implements AutoCloseable {

    private static final long START_SECONDS = 30;
    private static final long LOOK_EVERY_MILLIS = 20;

    private final Contender contender;
    private final Processes processes;
    private final Process process;
    private final int port;

    private RunningProxy(Contender contender, Processes processes, Process process, int port) {
        this.contender = contender;
        this.processes = processes;
        this.process = process;
        this.port = port;
    }

    /**
     * Starts one and waits until it takes connections.
     *
     * @param folder where a folder of its own is made
     * @throws IllegalStateException with its last line when it ends or does not get there within 30 s
     */
    static RunningProxy start(Contender contender, Processes processes, int core, Path folder, int backendPort)
            throws IOException, InterruptedException {
        Path own = Files.createTempDirectory(folder, contender.label());
        Path output = own.resolve("output");
        int port = freePort();
        Contender.Launch launch = contender.launch(own, port, backendPort);
        Process process = processes.start(core, launch.command(), launch.environment(), output);
        RunningProxy proxy = new RunningProxy(contender, processes, process, port);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!proxy.takesConnections()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                List<String> said = Files.readAllLines(output);
                proxy.close();
                throw new IllegalStateException(contender.label() + " did not start"
                        + (said.isEmpty() ? "" : ": " + said.get(said.size() - 1)));
            }
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        return proxy;
    }

    /** A port of 127.0.0.1 that nobody listens on. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    String label() {
        return contender.label();
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    /** Its share of the memory that it uses, in kB (PSS in {@code /proc/PID/smaps_rollup}, proc(5)). */
    double proportionalMemory() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid()), "smaps_rollup")).stream()
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

    private boolean takesConnections() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
