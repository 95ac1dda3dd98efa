// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.http.client.ListenerRole;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A listening socket. It is bound first and accepts later; until then clients wait in the kernel's accept queue. It
 * closes only when that queue is empty, since closing resets the connections in it. Thread-safe. {@link #share}, {@link
 * #discard} and {@link #cancelRetirement} block, so they must not be called on an event loop.
 */
public final class ListeningSocket {

    /** Long enough for the event loop to accept every connection that was queued before. */
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(5);

    /** Maximum time to close, even if clients keep connecting. */
    private static final Duration MAX_CLOSE_TIME = Duration.ofSeconds(1);

    private final Transport transport;
    private @Nullable Channel channel;
    private volatile @Nullable Retirement retirement;
    private volatile boolean acceptedRecently;
    private volatile ListenerRole role = ListenerRole.PLAIN;
    private volatile @Nullable ListeningSocket successor;

    ListeningSocket(Transport transport) {
        this.transport = transport;
    }

    /**
     * How new connections are handled while the socket retires.
     *
     * @param served tests a local address: connections to others are reset
     */
    private record Retirement(Predicate<InetAddress> served, long notBefore, long notAfter) {}

    /** What the current configuration says about it, or about the socket that has taken its place. */
    ListenerRole role() {
        ListeningSocket next = successor;
        return next == null ? role : next.role();
    }

    /** Sets what the current configuration says about it. Call before {@link #accept}. */
    public void assume(ListenerRole next) {
        role = next;
        successor = null;
    }

    /** Holds its connections, from now on, to what configurations say about the socket that takes its place. */
    void follow(ListeningSocket next) {
        successor = next;
    }

    /** A handler for the listener's pipeline that detects accepted connections. */
    ChannelHandler watch() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object accepted) {
                acceptedRecently = true;
                ctx.fireChannelRead(accepted);
            }
        };
    }

    void bound(Channel listener) {
        channel = listener;
    }

    /** The bound address, with the actual port for port 0. */
    public InetSocketAddress address() {
        return (InetSocketAddress) channel().localAddress();
    }

    public boolean isOpen() {
        return channel().isOpen();
    }

    /** Starts accepting, beginning with the clients that are queued. */
    public void accept() {
        channel().config().setAutoRead(true);
    }

    /**
     * Allows another socket of this process to bind the port on an overlapping address (SO_REUSEPORT, socket(7)), or no
     * longer allows it. On only while that socket is being bound.
     */
    public void share(boolean on) {
        Channel listener = channel();
        listener.eventLoop()
                .submit(() -> {
                    if (listener.isOpen()) {
                        transport.sharing(on).forEach((option, value) -> Sockets.set(listener, option, value));
                    }
                })
                .awaitUninterruptibly(MAX_CLOSE_TIME.toMillis());
    }

    /** Closes the socket at once, without accepting queued clients. */
    public void discard() {
        channel().close().awaitUninterruptibly();
    }

    /** Closes the socket once all queued clients are accepted. */
    public Future<?> close() {
        return retire(Duration.ZERO, address -> true);
    }

    /**
     * Closes the socket once all queued clients are accepted, but not before {@code linger} has passed, so that TCP
     * handshakes in progress complete. Connections to an address that is no longer {@code served} are reset.
     */
    public Future<?> retire(Duration linger, Predicate<InetAddress> served) {
        Channel listener = channel();
        long now = System.nanoTime();
        acceptedRecently = true;
        Retirement started = new Retirement(
                served,
                now + linger.toNanos(),
                now + linger.plus(MAX_CLOSE_TIME).toNanos());
        retirement = started;
        accept();
        scheduleCheck(listener, started);
        return listener.closeFuture();
    }

    /**
     * Cancels {@link #retire}.
     *
     * @return false if the socket has closed already
     */
    public boolean cancelRetirement() {
        Channel listener = channel();
        Future<Boolean> open = listener.eventLoop().submit(() -> {
            retirement = null;
            return listener.isOpen();
        });
        return open.awaitUninterruptibly(MAX_CLOSE_TIME.toMillis()) && open.isSuccess() && open.getNow();
    }

    private void scheduleCheck(Channel listener, Retirement started) {
        Containment.schedule(
                listener.eventLoop(),
                FailurePoint.TASK,
                CHECK_INTERVAL.toNanos(),
                () -> closeIfIdle(listener, started));
    }

    private void closeIfIdle(Channel listener, Retirement started) {
        if (!started.equals(retirement)) {
            return;
        }
        long now = System.nanoTime();
        boolean idle = !acceptedRecently && listener.config().isAutoRead() && now - started.notBefore() >= 0;
        if (idle || now - started.notAfter() >= 0) {
            listener.close();
        } else {
            acceptedRecently = false;
            scheduleCheck(listener, started);
        }
    }

    /** Whether to serve an accepted connection. Called on its event loop. */
    boolean serves(Channel accepted) {
        Retirement current = retirement;
        return current == null || current.served().test(((InetSocketAddress) accepted.localAddress()).getAddress());
    }

    Channel channel() {
        return Objects.requireNonNull(channel, "bound");
    }
}
