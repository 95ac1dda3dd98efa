// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.wsroute.proxy.kube.ApiServer;
import dev.wsroute.proxy.kube.KubernetesApi;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server with prepared responses. Each is sent once; other requests get 404. Watches stay open until the server is
 * closed, unless they are prepared to end.
 */
public final class ScriptedApi implements AutoCloseable {

    private final HttpServer server;
    private final boolean secure;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final CountDownLatch closing = new CountDownLatch(1);

    /** A received request; {@code client} is the subject of the client certificate. */
    public record Request(
            String line,
            @Nullable String contentType,
            @Nullable String authorization,
            @Nullable String client,
            String body) {}

    /** Writes a response. */
    @FunctionalInterface
    public interface Answer {
        void write(HttpExchange exchange) throws IOException, InterruptedException;
    }

    public ScriptedApi() {
        this(null);
    }

    /** @param tls null for plain HTTP */
    public ScriptedApi(@Nullable SSLContext tls) {
        try {
            InetSocketAddress anywhere = new InetSocketAddress("127.0.0.1", 0);
            if (tls == null) {
                server = HttpServer.create(anywhere, 0);
            } else {
                HttpsServer https = HttpsServer.create(anywhere, 0);
                https.setHttpsConfigurator(new HttpsConfigurator(tls) {
                    @Override
                    public void configure(HttpsParameters parameters) {
                        SSLParameters wanted = tls.getDefaultSSLParameters();
                        wanted.setWantClientAuth(true);
                        parameters.setSSLParameters(wanted);
                    }
                });
                server = https;
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        secure = tls != null;
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** The server's URL, without a slash at the end. */
    public String url() {
        return (secure ? "https" : "http") + "://127.0.0.1:" + port();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public EventLoopGroup loops() {
        return loops;
    }

    /** A client of this server, over plain HTTP. */
    public KubernetesApi client() {
        ApiServer address = new ApiServer("127.0.0.1", port(), "", null, "127.0.0.1", ApiServer.BearerToken.NONE);
        return new KubernetesApi(() -> address, loops, NioSocketChannel.class);
    }

    /** @param line such as {@code GET /path?query} */
    public void on(String line, Answer answer) {
        Deque<Answer> all = answers.computeIfAbsent(line, key -> new ArrayDeque<>());
        synchronized (all) {
            all.add(answer);
        }
    }

    public void answer(String line, int status, String body) {
        on(line, exchange -> {
            byte[] bytes = body.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        });
    }

    /** A list of these objects, each as JSON. */
    public void list(String target, int status, String version, List<String> objects) {
        answer(
                "GET " + target,
                status,
                "{\"kind\":\"List\",\"metadata\":{\"resourceVersion\":\"" + version + "\"},\"items\":["
                        + String.join(",", objects) + "]}");
    }

    /** A watch that sends these events and stays open. */
    public void watch(String target, List<String> events) {
        on("GET " + target, exchange -> {
            say(exchange, String.join("", events));
            closing.await();
        });
    }

    /** A watch that sends these events and ends, either normally or within a chunk. */
    public void watchThatEnds(String target, String said) {
        on("GET " + target, exchange -> say(exchange, said));
    }

    /** Never responds to the request. */
    public void silence(String target) {
        on("GET " + target, exchange -> closing.await());
    }

    /** Refuses connections from now on. */
    public void refuse() {
        closing.countDown();
        server.stop(0);
    }

    /** A line of a watch. */
    public static String event(String type, String object) {
        return "{\"type\":\"" + type + "\",\"object\":" + object + "}\n";
    }

    /** Waits for the next request. */
    public Request request() throws InterruptedException {
        Request next = requests.poll(60, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no request came");
        }
        return next;
    }

    private static void say(HttpExchange exchange, String text) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        out.write(text.getBytes(UTF_8));
        out.flush();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        requests.add(new Request(
                line,
                exchange.getRequestHeaders().getFirst("Content-Type"),
                exchange.getRequestHeaders().getFirst("Authorization"),
                client(exchange),
                new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
        try (exchange) {
            Answer answer = next(line);
            if (answer == null) {
                exchange.sendResponseHeaders(404, -1);
            } else {
                answer.write(exchange);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static @Nullable String client(HttpExchange exchange) {
        try {
            return exchange instanceof HttpsExchange https
                    ? https.getSSLSession().getPeerPrincipal().getName()
                    : null;
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }

    private @Nullable Answer next(String line) {
        Deque<Answer> all = answers.get(line);
        if (all == null) {
            return null;
        }
        synchronized (all) {
            return all.poll();
        }
    }

    @Override
    public void close() {
        refuse();
        threads.shutdownNow();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
