// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.training;

import dev.wsroute.e2e.client.Closure;
import dev.wsroute.e2e.client.WebSocketClient;
import dev.wsroute.e2e.client.WebSocketConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Clients that connect and disconnect for a given time. Each opens a WebSocket, sends a message of two sizes, receives
 * their echoes and closes. Some also make a plain request. Most of the load are handshakes, since a proxy that has just
 * started gets these first.
 */
public final class TrainingLoad implements AutoCloseable {

    private static final int CLIENTS = 16;
    private static final int PLAIN_EVERY = 8;
    private static final long PATIENCE_SECONDS = 10;
    private static final int NORMAL = 1000;

    private static final String SHORT = "x".repeat(64);

    /** Of each form that a frame's length has (RFC 6455 §5.2), and longer than what one read takes from a socket. */
    private static final List<String> OTHERS =
            Stream.of(1, 125, 2_000, 20_000, 150_000).map("y"::repeat).toList();

    private final WebSocketClient client = new WebSocketClient(1);
    private final HttpClient plainClient = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(PATIENCE_SECONDS))
            .build();
    private final URI webSocket;
    private final HttpRequest plain;
    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong plainRequests = new AtomicLong();

    /** @param port of a proxy on 127.0.0.1 whose backend is an echo server */
    public TrainingLoad(int port) {
        webSocket = URI.create("ws://127.0.0.1:" + port + "/training");
        plain = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/training"))
                .timeout(Duration.ofSeconds(PATIENCE_SECONDS))
                .build();
    }

    /**
     * Counts of what the clients did.
     *
     * @param webSockets opened, used and closed
     * @param plainRequests answered with 200
     */
    public record Done(long webSockets, long plainRequests) {}

    /**
     * Puts load on the proxy for {@code time}; every client connects at least once.
     *
     * @throws IOException with one sentence if a connection failed
     */
    public Done run(Duration time) throws IOException {
        long end = System.nanoTime() + time.toNanos();
        List<CompletableFuture<Void>> clients = IntStream.range(0, CLIENTS)
                .mapToObj(number -> CompletableFuture.runAsync(
                        () -> converseUntil(end), task -> new Thread(task, "client-" + number).start()))
                .toList();
        try {
            clients.forEach(CompletableFuture::join);
        } catch (CompletionException e) {
            if (e.getCause() instanceof UncheckedIOException failure) {
                throw failure.getCause();
            }
            throw e;
        }
        return new Done(connections.get(), plainRequests.get());
    }

    @Override
    public void close() {
        client.close();
    }

    private void converseUntil(long endNanos) {
        try {
            do {
                long connection = connections.incrementAndGet();
                converse(OTHERS.get((int) (connection % OTHERS.size())));
                if (connection % PLAIN_EVERY == 0) {
                    request();
                    plainRequests.incrementAndGet();
                }
            } while (System.nanoTime() < endNanos);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void converse(String message) throws IOException {
        WebSocketConnection connection = outcome(client.connect(webSocket), "cannot open a WebSocket at " + webSocket);
        for (String sent : List.of(SHORT, message)) {
            String echo = outcome(connection.ask(sent), "no echo came from " + webSocket);
            if (!echo.equals(sent)) {
                throw new IOException("what " + webSocket + " sent back is not what was sent");
            }
        }
        connection.close();
        Closure closure = outcome(connection.closed(), "no Close came from " + webSocket);
        if (closure.code() != NORMAL) {
            throw new IOException(webSocket + " closed with " + closure.code() + " instead of " + NORMAL);
        }
    }

    private void request() throws IOException {
        int status = outcome(
                        plainClient.sendAsync(plain, BodyHandlers.discarding()), "no answer came from " + plain.uri())
                .statusCode();
        if (status != 200) {
            throw new IOException(plain.uri() + " answered with HTTP " + status);
        }
    }

    private static <T> T outcome(CompletableFuture<T> future, String otherwise) throws IOException {
        try {
            return future.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            String reason = cause.getMessage();
            throw new IOException(otherwise + ": " + (reason == null ? cause : reason), e);
        }
    }
}
