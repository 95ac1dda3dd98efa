package dev.wsroute.proxy.tcp;

import dev.wsroute.proxy.containment.ContainedPipeline;
import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.containment.SelfContained;
import dev.wsroute.proxy.memory.Account;
import dev.wsroute.proxy.memory.Evictable;
import dev.wsroute.proxy.memory.EvictingBudget;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnresolvedAddressException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection. It differs from Netty's own in what it costs: the socket is watched edge-triggered (epoll(7))
 * and, as a rule, once, and asked for nothing that nobody wants to know. It can always be half closed.
 *
 * <p>The socket can be taken from it: then whoever took it hears of its events, and the channel only closes it.
 */
public final class TcpChannel extends AbstractChannel {

    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

    private final Socket socket;
    private final SocketConfig config;
    private final Input input;
    private final Output output;
    private final Watch watch = new Watch();
    private volatile boolean active;
    private @Nullable InetSocketAddress remote;
    private @Nullable Connecting connecting;

    /** To be connected. */
    public TcpChannel() {
        this(null, Socket.newSocketStream(), null);
    }

    /**
     * To be connected to this address.
     *
     * @throws io.netty.channel.ChannelException when no socket is to be had
     */
    public static TcpChannel towards(InetSocketAddress address) {
        // Netty's sockets are of IPv6 elsewhere, and each is told to take IPv4 as well.
        return address.getAddress() instanceof Inet4Address
                ? new TcpChannel(null, LinuxSocket.newSocketStream(SocketProtocolFamily.INET), null)
                : new TcpChannel();
    }

    /** @param remote of an accepted connection; null: it is to be connected */
    TcpChannel(@Nullable Channel listener, Socket socket, @Nullable InetSocketAddress remote) {
        super(listener, RandomId.next());
        this.socket = socket;
        this.remote = remote;
        this.active = remote != null;
        this.input = new Input(this, socket);
        this.output = new Output(this, socket);
        this.config = new SocketConfig(this, socket, input::pause);
    }

    /**
     * From now on {@code events} receives the socket's events, first in a later task of the event loop. To be called on
     * the event loop.
     *
     * @param unsent is given what waits in the channel to be written, one after another: to be written first, and
     *     released
     */
    public void take(SocketEvents events, Consumer<ByteBuf> unsent) {
        tcp().taker = events;
        // Registered anew, so that the new owner is told of a socket that is already writable.
        watch.on(Readiness.INPUT);
        Output.empty(unsafe().outboundBuffer(), unsent);
        input.tell(events);
    }

    /** For whoever is going to {@link #take} it. */
    public Socket socket() {
        return socket;
    }

    /**
     * Ends a connection's output, on whichever transport: nothing may wait to be written. Netty's own way would make an
     * exception with its stack for what was not written.
     */
    public static void endOutput(Channel channel) {
        if (channel instanceof TcpChannel tcp) {
            tcp.endOutput();
        } else {
            ((DuplexChannel) channel).shutdownOutput();
        }
    }

    private void endOutput() {
        try {
            socket.shutdown(false, true);
        } catch (IOException | NotYetConnectedException e) {
            // It was reset meanwhile.
            close();
        }
    }

    /** Whether somebody has taken the socket. */
    public boolean isTaken() {
        return taker() != null;
    }

    /** What waits in this channel is reserved of this budget. To be called before anything is written. */
    public void reserveOf(EvictingBudget budget) {
        output.reserveOf(budget);
    }

    /** For what its taker keeps; null: it has no budget. */
    public @Nullable Account openAccount(Evictable holder) {
        return output.openAccount(holder);
    }

    /** Writes on, as far as was flushed. */
    void writeOn() {
        tcp().flush0();
    }

    /** The socket takes nothing now: whoever writes to it hears when that has changed. To be called on the event loop. */
    public void tellWhenWritable() {
        watch.on(Readiness.EVERYTHING);
    }

    /** Whether the connection goes on when the peer has ended its output. */
    boolean allowsHalfClosure() {
        return config.allowsHalfClosure();
    }

    private TcpUnsafe tcp() {
        return (TcpUnsafe) unsafe();
    }

    /** Who took the socket. */
    @Nullable SocketEvents taker() {
        return tcp().taker;
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public boolean isActive() {
        return active;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop instanceof IoEventLoop io && io.isCompatible(TcpUnsafe.class);
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return socket.localAddress();
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        return remote;
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new TcpUnsafe();
    }

    @Override
    protected DefaultChannelPipeline newChannelPipeline() {
        return new ContainedPipeline(this);
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        watch.register(eventLoop(), tcp(), active ? Readiness.INPUT : null, promise);
    }

    @Override
    protected void doBind(SocketAddress local) throws Exception {
        socket.bind(local);
    }

    @Override
    protected void doBeginRead() {
        input.wanted();
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer waiting) throws Exception {
        output.write(waiting);
    }

    @Override
    protected Object filterOutboundMessage(Object message) {
        return Output.direct(alloc(), (ByteBuf) message);
    }

    @Override
    protected void doShutdownOutput() throws Exception {
        socket.shutdown(false, true);
    }

    @Override
    protected void doDisconnect() throws Exception {
        doClose();
    }

    @Override
    protected void doClose() throws Exception {
        active = false;
        tcp().taker = null;
        Connecting attempt = connecting;
        connecting = null;
        if (attempt != null) {
            attempt.closed();
        }
        output.forget();
        // Closed first, it needs not be taken from epoll.
        socket.close();
        doDeregister();
    }

    @Override
    protected void doDeregister() {
        watch.end();
    }

    /** The way in from the event loop, and what is asked of the channel there. */
    private final class TcpUnsafe extends AbstractUnsafe implements EpollIoHandle, SelfContained {

        /** Until it is closed. Here, so that events for it pass by nothing else that the processor has not at hand. */
        private @Nullable SocketEvents taker;

        @Override
        public FileDescriptor fd() {
            return socket;
        }

        @Override
        public void registered() {}

        @Override
        public void unregistered() {}

        @Override
        public void close() {
            close(voidPromise());
        }

        @Override
        public void handle(IoRegistration watched, IoEvent event) {
            try {
                handle(Readiness.of(event));
            } catch (Throwable e) {
                Containment.failed(TcpChannel.this, FailurePoint.IO, e);
            }
        }

        private void handle(int readiness) {
            if (Readiness.isWritable(readiness)) {
                writable();
            }
            if (Readiness.isReadable(readiness)) {
                readable(Readiness.isEnded(readiness), Readiness.isBroken(readiness));
            }
        }

        private void readable(boolean end, boolean broken) {
            SocketEvents events = taker;
            if (events != null) {
                events.readable(end, broken);
            } else if (active) {
                input.readable(end, broken);
            }
        }

        private void writable() {
            SocketEvents events = taker;
            if (events != null) {
                events.writable();
            } else if (connecting != null) {
                finishConnect(connecting);
            } else if (output.unblock()) {
                flush0();
            }
        }

        @Override
        protected void flush0() {
            if (!output.isBlocked()) {
                super.flush0();
            }
            output.account(outboundBuffer());
        }

        @Override
        public void connect(SocketAddress to, @Nullable SocketAddress from, ChannelPromise promise) {
            if (promise.isDone() || !ensureOpen(promise)) {
                return;
            }
            InetSocketAddress address = (InetSocketAddress) to;
            Connecting attempt = new Connecting(address, promise);
            try {
                if (address.isUnresolved()) {
                    throw new UnresolvedAddressException();
                }
                if (socket.connect(to)) {
                    watch.on(Readiness.INPUT);
                    connected(attempt);
                } else {
                    connecting = attempt;
                    attempt.limit(TcpChannel.this, config.getConnectTimeoutMillis());
                    watch.on(Readiness.EVERYTHING);
                }
            } catch (Throwable e) {
                connecting = null;
                promise.tryFailure(annotateConnectException(e, to));
                close();
            }
        }

        private void finishConnect(Connecting attempt) {
            try {
                if (socket.finishConnect()) {
                    connecting = null;
                    attempt.stopClock();
                    connected(attempt);
                }
            } catch (Throwable e) {
                connecting = null;
                attempt.stopClock();
                attempt.promise().tryFailure(annotateConnectException(e, attempt.address()));
                close();
            }
        }

        private void connected(Connecting attempt) {
            remote = attempt.address();
            active = true;
            boolean wanted = attempt.promise().trySuccess();
            if (active) {
                pipeline().fireChannelActive();
            }
            if (!wanted) {
                close();
            }
        }
    }
}
