package dev.wsroute.operator.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * {@code /livez}: the process answers. {@code /readyz}: it does its work, or what keeps it from that. {@code /metrics}:
 * Prometheus.
 */
public final class AdminServer implements AutoCloseable {

    private static final String TEXT = "text/plain; charset=utf-8";

    static {
        // Seconds, of which the JDK's server has none by default: who sends or takes nothing holds a thread for ever,
        // and
        // with all of them held the liveness probe is not answered.
        System.setProperty("sun.net.httpserver.maxReqTime", "3");
        System.setProperty("sun.net.httpserver.maxRspTime", "10");
    }

    private static final int THREADS = 4;

    private final HttpServer server;
    private final ExecutorService executor;

    private AdminServer(HttpServer server, ExecutorService executor) {
        this.server = server;
        this.executor = executor;
    }

    /** @throws IOException when {@code address} cannot be bound */
    public static AdminServer open(InetSocketAddress address, Health health, Metrics metrics) throws IOException {
        HttpServer server = HttpServer.create(address, 0);
        server.createContext("/livez", exchange -> answer(exchange, HttpURLConnection.HTTP_OK, TEXT, "ok\n"));
        server.createContext("/readyz", exchange -> ready(exchange, health));
        server.createContext(
                "/metrics",
                exchange -> answer(
                        exchange,
                        HttpURLConnection.HTTP_OK,
                        "text/plain; version=0.0.4; charset=utf-8",
                        metrics.scrape()));
        ExecutorService executor = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "admin");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(executor);
        server.start();
        return new AdminServer(server, executor);
    }

    private static void ready(HttpExchange exchange, Health health) throws IOException {
        var obstacle = health.obstacle();
        answer(
                exchange,
                obstacle.isEmpty() ? HttpURLConnection.HTTP_OK : HttpURLConnection.HTTP_UNAVAILABLE,
                TEXT,
                obstacle.map(what -> what + "\n").orElse("ok\n"));
    }

    private static void answer(HttpExchange exchange, int code, String type, String text) throws IOException {
        try (exchange) {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(code, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** The port that it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
