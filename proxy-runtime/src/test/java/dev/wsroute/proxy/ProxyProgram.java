// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import dev.wsroute.proxy.testkit.FreePort;
import dev.wsroute.proxy.testkit.RawPeer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** The program in its own process, for tests of its descriptors and its exit. */
final class ProxyProgram implements AutoCloseable {

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path file;
    private final int port = FreePort.find();
    private final int adminPort = FreePort.find();
    private final Process process;

    /**
     * @param document its listener has port 0, which is replaced by a free port
     * @param shell words before the command, such as a redirection
     */
    private ProxyProgram(Path file, String document, List<String> shell, Consumer<ProcessBuilder> output)
            throws IOException {
        this.file = file;
        write(document);
        List<String> command = new ArrayList<>(shell);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                WsrouteProxy.class.getName(),
                "--config",
                file.toString(),
                "--bind-address",
                "127.0.0.1",
                "--admin-port",
                String.valueOf(adminPort)));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        output.accept(builder);
        process = builder.start();
    }

    /** Starts it with a pipe to this process as its output. */
    static ProxyProgram start(Path file, String document) throws IOException {
        return start(file, document, List.of(), builder -> {});
    }

    static ProxyProgram start(Path file, String document, List<String> shell, Consumer<ProcessBuilder> output)
            throws IOException {
        ProxyProgram program = new ProxyProgram(file, document, shell, output);
        Awaitility.await()
                .ignoreExceptions()
                .until(() -> program.admin("/readyz").statusCode() == 200);
        return program;
    }

    void write(String document) throws IOException {
        Files.writeString(file, document.replace("port: 0}", "port: " + port + "}"));
    }

    InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", port);
    }

    RawPeer connect() throws IOException {
        return RawPeer.connect(address());
    }

    Process process() {
        return process;
    }

    /** Sends a request that the proxy answers itself, and that is logged in the access log. */
    int request(String path) throws Exception {
        return get(port, path).statusCode();
    }

    HttpResponse<String> admin(String path) throws IOException, InterruptedException {
        return get(adminPort, path);
    }

    /** The value of a metric without labels. */
    double metric(String name) throws IOException, InterruptedException {
        Matcher line = Pattern.compile("(?m)^" + name + " (\\S+)$")
                .matcher(admin("/metrics").body());
        return line.find() ? Double.parseDouble(line.group(1)) : Double.NaN;
    }

    private HttpResponse<String> get(int to, String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + to + path))
                        .build(),
                BodyHandlers.ofString());
    }

    /** Sends SIGTERM without closing the pipes. */
    void terminate() {
        process.toHandle().destroy();
    }

    boolean ended() throws InterruptedException {
        return process.waitFor(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
