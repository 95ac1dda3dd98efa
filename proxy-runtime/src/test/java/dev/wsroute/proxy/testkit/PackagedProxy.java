// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged proxy in its own process with its own memory limits. */
public final class PackagedProxy implements AutoCloseable {

    private static final Pattern LISTENS = Pattern.compile("listening: \\S+ on [^ ]*:(\\d+)");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final int adminPort;
    private final InetSocketAddress address;
    private final List<String> lines = new ArrayList<>();

    private PackagedProxy(Process process, int adminPort) throws IOException {
        this.process = process;
        this.adminPort = adminPort;
        BufferedReader log =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        Matcher listens = LISTENS.matcher("");
        while (!listens.find()) {
            String line = log.readLine();
            if (line == null) {
                throw new IOException("The proxy has ended: " + lines);
            }
            lines.add(line);
            listens.reset(line);
        }
        address = new InetSocketAddress("127.0.0.1", Integer.parseInt(listens.group(1)));
        Thread drain = new Thread(
                () -> {
                    try {
                        while (log.readLine() != null) {
                            // Read and dropped, so that the pipe does not fill up.
                        }
                    } catch (IOException e) {
                        // The process has ended.
                    }
                },
                "log");
        drain.setDaemon(true);
        drain.start();
    }

    /** @param memory flags of the Java runtime, such as {@code -Xmx48m} */
    public static PackagedProxy start(Path config, int adminPort, List<String> memory) throws IOException {
        List<String> command = new ArrayList<>(List.of(java(), "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"));
        command.addAll(memory);
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                "dev.wsroute.proxy.WsrouteProxy",
                "--config",
                config.toString(),
                "--bind-address",
                "127.0.0.1",
                "--admin-port",
                Integer.toString(adminPort),
                "--io",
                System.getProperty("wsroute.test.io", "auto")));
        return new PackagedProxy(
                new ProcessBuilder(command).redirectErrorStream(true).start(), adminPort);
    }

    private static String java() {
        return ProcessHandle.current().info().command().orElse("java");
    }

    /** The address for clients. */
    public InetSocketAddress address() {
        return address;
    }

    /** Its output until it listened. */
    public List<String> lines() {
        return lines;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** The sum of all series whose name and labels start with {@code prefix}. */
    public double metric(String prefix) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/metrics"))
                .timeout(Duration.ofSeconds(10))
                .build();
        return http.send(request, BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith(prefix))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
