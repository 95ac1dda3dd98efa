// SPDX-License-Identifier: Apache-2.0
package io.fabric8.kubernetes.client.vertx;

import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.StandardWebSocketBuilder;
import io.fabric8.kubernetes.client.http.WebSocket;
import io.fabric8.kubernetes.client.http.WebSocketResponse;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Opens WebSockets on the event loop that will read them. The superclass asks for the WebSocket on the caller's thread and
 * registers its handlers once that is open. If this thread is delayed meanwhile, Vert.x drops the messages that come right
 * behind the 101, and an informer misses events without noticing. On the event loop, the handlers are there before the
 * first message is read.
 */
final class WatchSafeHttpClient<F extends HttpClient.Factory> extends VertxHttpClient<F> {

    private final Vertx eventLoops;

    WatchSafeHttpClient(
            WatchSafeHttpClientBuilder<F> builder, AtomicBoolean closed, io.vertx.core.http.HttpClient client) {
        super(builder, closed, client, true);
        this.eventLoops = builder.vertx;
    }

    @Override
    public CompletableFuture<WebSocketResponse> buildWebSocketDirect(
            StandardWebSocketBuilder request, WebSocket.Listener listener) {
        CompletableFuture<WebSocketResponse> response = new CompletableFuture<>();
        eventLoops.runOnContext(onLoop -> {
            try {
                super.buildWebSocketDirect(request, listener).whenComplete((opened, failure) -> {
                    if (failure == null) {
                        response.complete(opened);
                    } else {
                        response.completeExceptionally(failure);
                    }
                });
            } catch (Throwable e) {
                // Errors, too: nobody else would complete it.
                response.completeExceptionally(e);
            }
        });
        return response;
    }
}
