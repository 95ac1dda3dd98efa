// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import dev.wsroute.e2e.client.UpgradeRefusedException;
import dev.wsroute.e2e.client.WebSocketClient;
import dev.wsroute.e2e.client.WebSocketConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client with its own path, query and headers. */
final class TestClient implements AutoCloseable {

    private static final long SECONDS = 60;
    private static final int OPEN = 101;

    private final WebSocketClient client = new WebSocketClient(1);

    /** Opens a WebSocket, and returns when it is open. */
    WebSocketConnection open(URI uri, String query, Map<String, String> headers) {
        return client.connect(URI.create(uri + query), headers).join();
    }

    /** The pod at the other end of a WebSocket, which stays open. */
    String connectedPod(URI uri, Map<String, String> headers) {
        return greeting(open(uri, "?hello", headers));
    }

    /** The lines of a request head as the backend received it, with header names in lower case. */
    String headAt(URI uri, String path, Map<String, String> headers) {
        return greeting(open(uri, path, headers));
    }

    /** The first message. */
    static String greeting(WebSocketConnection connection) {
        return connection.first().orTimeout(SECONDS, TimeUnit.SECONDS).join();
    }

    /**
     * The refusal of a handshake.
     *
     * @throws AssertionError if the handshake succeeds
     */
    UpgradeRefusedException refusal(URI uri) {
        return refusal(uri, Map.of());
    }

    /** The same with these headers. */
    UpgradeRefusedException refusal(URI uri, Map<String, String> headers) {
        WebSocketConnection connection;
        try {
            connection = open(uri, "", headers);
        } catch (CompletionException e) {
            if (e.getCause() instanceof UpgradeRefusedException refused) {
                return refused;
            }
            throw e;
        }
        connection.close();
        throw new AssertionError("the WebSocket was opened");
    }

    /** The status of the answer to a handshake: 101, or that of the refusal. A WebSocket that it opens is closed. */
    int status(URI uri, Map<String, String> headers) {
        return client.connect(uri, headers)
                .handle((connection, failure) -> {
                    int status = status(failure);
                    if (status == OPEN) {
                        connection.close();
                    }
                    return status;
                })
                .join();
    }

    /** @param failure null for none */
    private static int status(@Nullable Throwable failure) {
        if (failure == null) {
            return OPEN;
        }
        if (failure instanceof UpgradeRefusedException refused) {
            return refused.status();
        }
        throw new CompletionException(failure);
    }

    /** The statuses of {@code count} handshakes at once. */
    List<Integer> rush(URI uri, int count) {
        List<CompletableFuture<Integer>> statuses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            statuses.add(client.connect(uri).handle((connection, failure) -> status(failure)));
        }
        return statuses.stream().map(CompletableFuture::join).toList();
    }

    @Override
    public void close() {
        client.close();
    }
}
