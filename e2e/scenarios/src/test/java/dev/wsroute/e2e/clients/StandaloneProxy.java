// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.BackendConfig;
import dev.wsroute.config.BackendConfig.StaticEndpoint;
import dev.wsroute.config.CertificateSource;
import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.ListenerConfig.Protocol;
import dev.wsroute.config.ListenerTls;
import dev.wsroute.config.ListenerTls.SessionTickets;
import dev.wsroute.config.ListenerTls.Version;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyConfigParser;
import dev.wsroute.config.RouteConfig;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.config.RuleConfigBuilder;
import dev.wsroute.e2e.cluster.ClassArchive;
import dev.wsroute.e2e.dev.Repository;
import dev.wsroute.testkit.Written;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** The packaged proxy in its own process on 127.0.0.1, with a configuration file and no Kubernetes. */
final class StandaloneProxy implements AutoCloseable {

    private static final String PLAIN = "ws";
    private static final String SECURE = "wss";
    private static final String REDIRECTING = "web";

    private final StartedProgram program;
    private final List<ListenerConfig> listeners;
    private final URI admin;

    private StandaloneProxy(StartedProgram program, List<ListenerConfig> listeners, URI admin) {
        this.program = program;
        this.listeners = listeners;
        this.admin = admin;
    }

    /** Starts a proxy that forwards everything to a backend on 127.0.0.1, and waits until it is ready. */
    static StandaloneProxy to(int backendPort, Path folder) throws IOException {
        return to(List.of(backendPort), UnaryOperator.identity(), folder);
    }

    /** The same with several backends and a given rule. */
    static StandaloneProxy to(List<Integer> backendPorts, UnaryOperator<RuleConfigBuilder> rule, Path folder)
            throws IOException {
        return start(List.of(ListenerConfig.http(PLAIN, null, freePort())), backendPorts, rule, folder);
    }

    /**
     * The same with one backend and two further listeners: one with TLS, and one that redirects to it.
     *
     * @param certificates of the listener with TLS
     */
    static StandaloneProxy securedTo(int backendPort, List<CertificateSource> certificates, Path folder)
            throws IOException {
        ListenerTls tls = new ListenerTls(certificates, null, Version.TLS_1_2, REDIRECTING, SessionTickets.Enabled);
        List<ListenerConfig> listeners = List.of(
                ListenerConfig.http(PLAIN, null, freePort()),
                ListenerConfig.http(REDIRECTING, null, freePort()),
                new ListenerConfig(SECURE, null, freePort(), Protocol.HTTPS, tls));
        return start(listeners, List.of(backendPort), UnaryOperator.identity(), folder);
    }

    private static StandaloneProxy start(
            List<ListenerConfig> listeners,
            List<Integer> backendPorts,
            UnaryOperator<RuleConfigBuilder> rule,
            Path folder)
            throws IOException {
        int adminPort = freePort();
        Path config = Files.writeString(
                folder.resolve("proxy-config.json"),
                new ProxyConfigParser().write(config(listeners, backendPorts, rule)));
        Path jar = Repository.locate().get("proxy-runtime/target/wsroute-proxy.jar");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(new ClassArchive(jar).flags());
        command.addAll(List.of(
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dio.netty.leakDetection.level=paranoid",
                "-jar",
                jar.toString(),
                "--config",
                config.toString(),
                "--bind-address",
                "127.0.0.1",
                "--admin-port",
                Integer.toString(adminPort),
                "--log-format",
                "text"));
        StartedProgram program = new StartedProgram(command);
        StandaloneProxy proxy =
                new StandaloneProxy(program, listeners, URI.create("http://127.0.0.1:" + adminPort + "/"));
        try {
            proxy.awaitReady();
        } catch (RuntimeException | Error e) {
            program.close();
            throw e;
        }
        return proxy;
    }

    URI http(String path) {
        return http(Scheme.WS, path);
    }

    URI http(Scheme scheme, String path) {
        return URI.create(scheme.http() + "://127.0.0.1:" + port(scheme) + path);
    }

    URI ws(String path) {
        return ws(Scheme.WS, path);
    }

    URI ws(Scheme scheme, String path) {
        return URI.create(scheme.webSocket() + "://127.0.0.1:" + port(scheme) + path);
    }

    /** On the listener that redirects to the one with TLS. */
    URI redirected(String path) {
        return URI.create("http://127.0.0.1:" + port(REDIRECTING) + path);
    }

    int port(Scheme scheme) {
        return port(scheme == Scheme.WS ? PLAIN : SECURE);
    }

    private int port(String listener) {
        return listeners.stream()
                .filter(candidate -> candidate.name().equals(listener))
                .mapToInt(ListenerConfig::port)
                .findFirst()
                .orElseThrow();
    }

    /** Its log. */
    List<String> log() {
        return program.lines();
    }

    @Override
    public void close() {
        List<String> leaks =
                program.lines().stream().filter(line -> line.contains("LEAK:")).toList();
        if (program.isAlive()) {
            writePages();
        }
        program.close();
        if (!leaks.isEmpty()) {
            throw new AssertionError("the proxy leaked buffers: " + leaks);
        }
    }

    /** For the last step of the build, which looks for secrets in them. */
    void writePages() {
        HttpClient client = HttpClient.newHttpClient();
        for (String page : List.of("config", "connections", "metrics")) {
            HttpRequest request = HttpRequest.newBuilder(admin.resolve(page)).build();
            Written.add(
                    "pages",
                    client.sendAsync(request, BodyHandlers.ofString()).join().body());
        }
    }

    private void awaitReady() {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(admin.resolve("readyz")).build();
        await("readiness of the proxy")
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptionsInstanceOf(IOException.class)
                .failFast(
                        "the proxy ended",
                        () -> assertThat(program.isAlive())
                                .as(() -> String.join("\n", program.lines()))
                                .isTrue())
                .until(() -> client.send(request, BodyHandlers.discarding()).statusCode() == 200);
    }

    private static ProxyConfig config(
            List<ListenerConfig> listeners, List<Integer> backendPorts, UnaryOperator<RuleConfigBuilder> more) {
        BackendConfig backend = new BackendConfig(
                "static",
                1,
                null,
                backendPorts.stream()
                        .map(backendPort -> new StaticEndpoint("127.0.0.1", backendPort))
                        .toList());
        RuleConfig rule =
                more.apply(RuleConfig.named("all").backends(List.of(backend))).build();
        return ProxyConfig.named("clients")
                .listeners(listeners)
                .routes(List.of(new RouteConfig("clients", List.of(), List.of(rule))))
                .build();
    }

    /** A port that nothing on 127.0.0.1 uses now. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
