package dev.wsroute.proxy.server;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.Place;
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
 * A socket that clients connect to. It is bound first and accepts later; clients that connect in between wait in the
 * kernel's queue. It closes only when that queue is empty, since closing resets the connections in it. For any thread;
 * {@link #share}, {@link #discard} and {@link #stay} wait, so they are not for an event loop.
 */
public final class ListeningSocket {

    /** Long enough for an event loop to see every connection that was queued before. */
    private static final Duration LOOK = Duration.ofMillis(5);

    /** The longest time to close, however many clients still arrive. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Transport transport;
    private @Nullable Channel channel;
    private volatile @Nullable Retirement retirement;
    private volatile boolean acceptedLately;

    ListeningSocket(Transport transport) {
        this.transport = transport;
    }

    /**
     * How new connections are treated while the socket retires.
     *
     * @param served whether those to a local address are served
     */
    private record Retirement(Predicate<InetAddress> served, long notBefore, long notAfter) {}

    /** In the listener's pipeline: notes that the queue was not empty. */
    ChannelHandler watch() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object accepted) {
                acceptedLately = true;
                ctx.fireChannelRead(accepted);
            }
        };
    }

    void bound(Channel listener) {
        channel = listener;
    }

    /** Where it is bound, with the port that the system chose for port 0. */
    public InetSocketAddress address() {
        return (InetSocketAddress) channel().localAddress();
    }

    public boolean isOpen() {
        return channel().isOpen();
    }

    /** Accepts from now on, starting with the clients that wait already. */
    public void accept() {
        channel().config().setAutoRead(true);
    }

    /**
     * Lets, or no longer lets, a further socket of this process be bound to the port on an overlapping address
     * (SO_REUSEPORT, socket(7)). It is on only while that socket is bound.
     */
    public void share(boolean on) {
        Channel listener = channel();
        listener.eventLoop()
                .submit(() -> {
                    if (listener.isOpen()) {
                        transport.sharing(on).forEach((option, value) -> Sockets.set(listener, option, value));
                    }
                })
                .awaitUninterruptibly(PATIENCE.toMillis());
    }

    /** Closes it at once, without accepting the waiting clients. */
    public void discard() {
        channel().close().awaitUninterruptibly();
    }

    /** Closes it once it has accepted all waiting clients. */
    public Future<?> close() {
        return retire(Duration.ZERO, address -> true);
    }

    /**
     * Closes it once it has accepted all waiting clients, but not before {@code linger} has passed, so that half-done
     * handshakes complete. Connections to an address that is no longer {@code served} are reset.
     */
    public Future<?> retire(Duration linger, Predicate<InetAddress> served) {
        Channel listener = channel();
        long now = System.nanoTime();
        acceptedLately = true;
        Retirement begun = new Retirement(
                served, now + linger.toNanos(), now + linger.plus(PATIENCE).toNanos());
        retirement = begun;
        accept();
        lookAgain(listener, begun);
        return listener.closeFuture();
    }

    /**
     * Undoes {@link #retire}.
     *
     * @return false if it is closed already
     */
    public boolean stay() {
        Channel listener = channel();
        Future<Boolean> open = listener.eventLoop().submit(() -> {
            retirement = null;
            return listener.isOpen();
        });
        return open.awaitUninterruptibly(PATIENCE.toMillis()) && open.isSuccess() && open.getNow();
    }

    private void lookAgain(Channel listener, Retirement begun) {
        Containment.schedule(listener.eventLoop(), Place.TASK, LOOK.toNanos(), () -> closeIfIdle(listener, begun));
    }

    private void closeIfIdle(Channel listener, Retirement begun) {
        if (!begun.equals(retirement)) {
            return;
        }
        long now = System.nanoTime();
        boolean idle = !acceptedLately && listener.config().isAutoRead() && now - begun.notBefore() >= 0;
        if (idle || now - begun.notAfter() >= 0) {
            listener.close();
        } else {
            acceptedLately = false;
            lookAgain(listener, begun);
        }
    }

    /** Whether an accepted connection is served. Called on its event loop. */
    boolean serves(Channel accepted) {
        Retirement leaving = retirement;
        return leaving == null || leaving.served().test(((InetSocketAddress) accepted.localAddress()).getAddress());
    }

    private Channel channel() {
        return Objects.requireNonNull(channel, "bound");
    }
}
