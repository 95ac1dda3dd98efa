// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.client;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A WebSocket that records what it receives. Safe for use by any thread. */
public final class WebSocketConnection {

    private static final int KEPT_MESSAGES = 1_000;

    private final Channel channel;
    private final long openedNanos = System.nanoTime();
    private final CompletableFuture<Closure> closed = new CompletableFuture<>();
    private final CompletableFuture<String> first = new CompletableFuture<>();
    private final Deque<String> messages = new ArrayDeque<>();
    private final Deque<CompletableFuture<String>> asked = new ArrayDeque<>();

    WebSocketConnection(Channel channel) {
        this.channel = channel;
    }

    /** When the 101 arrived, by {@link System#nanoTime()}. */
    public long openedNanos() {
        return openedNanos;
    }

    /** A header of the 101; empty if it had none of this name. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(channel.attr(HandshakeAnswer.HEADERS).get()).map(headers -> headers.get(name));
    }

    /** The newest messages, oldest first; at most {@value #KEPT_MESSAGES}. */
    public List<String> messages() {
        synchronized (messages) {
            return List.copyOf(messages);
        }
    }

    /** Completes with the first message; fails if the connection ends before it. */
    public CompletableFuture<String> first() {
        return first.copy();
    }

    /** Sends a text message. */
    public void send(String text) {
        channel.writeAndFlush(new TextWebSocketFrame(text));
    }

    /**
     * Sends a text message and waits for the answer.
     *
     * @return the next message that no earlier call waits for; fails if the connection ends before it
     */
    public CompletableFuture<String> ask(String text) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        channel.eventLoop().execute(() -> {
            if (channel.isActive()) {
                asked.add(answer);
                send(text);
            } else {
                answer.completeExceptionally(new ClosedChannelException());
            }
        });
        return answer;
    }

    /** Whether neither a Close frame nor the end of the stream has arrived. */
    public boolean isOpen() {
        return !closed.isDone();
    }

    /** Completes at the first sign that the connection ends. */
    public CompletableFuture<Closure> closed() {
        return closed.copy();
    }

    /** How it ended; null while it is open. */
    public @Nullable Closure closure() {
        return closed.getNow(null);
    }

    /** Sends Close 1000. */
    public void close() {
        channel.writeAndFlush(new CloseWebSocketFrame(1000, ""));
    }

    void received(String text) {
        first.complete(text);
        synchronized (messages) {
            if (messages.size() == KEPT_MESSAGES) {
                messages.removeFirst();
            }
            messages.addLast(text);
        }
        CompletableFuture<String> answer = asked.poll();
        if (answer != null) {
            answer.complete(text);
        }
    }

    void ended(int code, String reason) {
        closed.complete(new Closure(code, reason, System.nanoTime()));
        first.completeExceptionally(new ClosedChannelException());
        CompletableFuture<String> answer;
        while ((answer = asked.poll()) != null) {
            answer.completeExceptionally(new ClosedChannelException());
        }
    }
}
