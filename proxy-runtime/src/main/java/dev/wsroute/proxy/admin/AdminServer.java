package dev.wsroute.proxy.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The port for probes and people: {@code /livez}, {@code /readyz}, {@code /config}, {@code /metrics}. It answers on
 * threads of its own, so that a slow reader disturbs no event loop.
 */
public final class AdminServer implements AutoCloseable {

    static {
        // Seconds, of which the JDK's server has none by default: who sends or takes nothing holds a thread for ever,
        // and
        // with all of them held the liveness probe is not answered.
        System.setProperty("sun.net.httpserver.maxReqTime", "3");
        System.setProperty("sun.net.httpserver.maxRspTime", "10");
    }

    private static final int THREADS = 8;
    private static final int WAITING = 64;

    private final HttpServer server;
    private final ExecutorService threads;

    /** What a path answers. */
    @FunctionalInterface
    public interface Page {

        /** Called on one of the port's own threads; may block shortly. */
        Answer answer();
    }

    /** What a path answers that takes parameters. */
    @FunctionalInterface
    public interface QueryPage {

        /**
         * Called on one of the port's own threads; may block shortly.
         *
         * @param query as received; null without one
         */
        Answer answer(@Nullable String query);
    }

    /**
     * @param status HTTP status
     * @param contentType media type
     */
    public record Answer(int status, String contentType, String body) {

        /** One line of plain text. */
        public static Answer text(int status, String line) {
            return new Answer(status, "text/plain; charset=utf-8", line + "\n");
        }
    }

    /** @throws IOException with one sentence when the address cannot be bound */
    public AdminServer(InetSocketAddress address) throws IOException {
        try {
            server = HttpServer.create(address, 0);
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(
                    "The admin port cannot listen on " + address.getHostString() + ":" + address.getPort() + ": "
                            + e.getMessage(),
                    e);
        }
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS, THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING), task -> {
                    Thread thread = new Thread(task, "admin");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        threads = pool;
        server.setExecutor(threads);
        server.createContext(
                "/",
                exchange -> send(exchange, Answer.text(404, "try /livez, /readyz, /config, /connections, /metrics")));
    }

    /** Adds a path; before {@link #start()}. */
    public AdminServer page(String path, Page page) {
        return queryPage(path, query -> page.answer());
    }

    /** Adds a path that takes parameters; before {@link #start()}. */
    public AdminServer queryPage(String path, QueryPage page) {
        server.createContext(path, exchange -> {
            boolean exact = exchange.getRequestURI().getPath().equals(path);
            send(
                    exchange,
                    exact
                            ? page.answer(exchange.getRequestURI().getRawQuery())
                            : Answer.text(404, "there is no such page"));
        });
        return this;
    }

    /** Answers from now on. */
    public void start() {
        server.start();
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("GET")
                    && !exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.contentType());
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(answer.status(), -1);
            } else {
                exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }
}
