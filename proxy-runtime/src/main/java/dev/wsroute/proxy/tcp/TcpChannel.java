// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import dev.wsroute.proxy.containment.ContainedPipeline;
import dev.wsroute.proxy.containment.ThreadRules;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.NotYetConnectedException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection. It is cheaper than Netty's own channel: the socket is registered once, edge-triggered (epoll(7)), and
 * its addresses and options are queried only when needed. Half-closing is always supported.
 *
 * <p>Its pipeline owns the socket until another owner takes it ({@link #take}). Then the channel only closes it.
 */
public final class TcpChannel extends AbstractChannel {

    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

    private final Socket socket;
    private final SocketConfig config;
    private final SocketReader reader;
    private final SocketWriter writer;
    private final PipelineOwner pipelineOwner = new PipelineOwner(this);
    private final PipelineOutput output;
    private final TcpHandle handle = new TcpHandle(this);
    private final Watch watch = new Watch();
    private volatile boolean active;
    private @Nullable InetSocketAddress remote;
    private @Nullable Connecting connecting;

    /** Creates a channel that is not connected yet. */
    public TcpChannel() {
        this(null, Socket.newSocketStream(), null);
    }

    /**
     * Creates a channel for a connection to this address, which is not connected yet.
     *
     * @throws io.netty.channel.ChannelException if the process has run out of descriptors
     */
    public static TcpChannel towards(InetSocketAddress address) {
        // By default Netty creates IPv6 sockets, which need one more system call to connect to IPv4 addresses.
        return address.getAddress() instanceof Inet4Address
                ? new TcpChannel(null, LinuxSocket.newSocketStream(SocketProtocolFamily.INET), null)
                : new TcpChannel();
    }

    /** @param remote address of the peer; null if it is not connected yet */
    TcpChannel(@Nullable Channel listener, Socket socket, @Nullable InetSocketAddress remote) {
        super(listener, RandomId.next());
        this.socket = socket;
        this.remote = remote;
        this.active = remote != null;
        this.reader = new SocketReader(this, socket, pipelineOwner);
        this.writer = new SocketWriter(this, socket);
        this.output = new PipelineOutput(this, writer);
        this.config = new SocketConfig(this, socket, pipelineOwner::pause);
    }

    /**
     * Passes the socket to a new owner, which is first called in a later task of the event loop. Must be called on the event
     * loop.
     *
     * @param unsent receives the buffers queued in the channel, in order; must write them first and release them
     */
    public void take(SocketOwner owner, Consumer<ByteBuf> unsent) {
        assert ThreadRules.onLoopOf(this);
        reader.passTo(owner);
        writer.unblock();
        // So that the next call of watchOutput reports a socket that is already writable to the new owner.
        watchInput();
        output.empty(unsafe().outboundBuffer(), unsent);
    }

    /** For the owner of the socket. */
    public Socket socket() {
        return socket;
    }

    /** For the owner of the socket. */
    public SocketReader reader() {
        return reader;
    }

    /** For the owner of the socket. */
    public SocketWriter writer() {
        return writer;
    }

    /** Ends the output. Nothing may be queued. */
    void endOutput() {
        try {
            socket.shutdown(false, true);
        } catch (IOException | NotYetConnectedException e) {
            // The peer has reset the connection.
            close();
        }
    }

    /** Whether another owner has taken the socket. */
    public boolean isTaken() {
        return reader.owner() != pipelineOwner;
    }

    /** Continues to write flushed messages. */
    void resumeWriting() {
        tcp().flush0();
    }

    /** Closes at once, bypassing the pipeline's handlers. */
    void closeNow() {
        unsafe().close(unsafe().voidPromise());
    }

    /** Makes epoll report input. */
    void watchInput() {
        watch.on(EpollEvents.INPUT);
    }

    /** Makes epoll report input and writability. */
    void watchOutput() {
        watch.on(EpollEvents.EVERYTHING);
    }

    /** Whether the connection stays open when the peer has ended its output. */
    boolean allowsHalfClosure() {
        return config.allowsHalfClosure();
    }

    private TcpUnsafe tcp() {
        return (TcpUnsafe) unsafe();
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
        return loop instanceof IoEventLoop io && io.isCompatible(TcpHandle.class);
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
        watch.register(eventLoop(), handle, active ? EpollEvents.INPUT : null, promise);
    }

    @Override
    protected void doBind(SocketAddress local) throws Exception {
        socket.bind(local);
    }

    @Override
    protected void doBeginRead() {
        pipelineOwner.requestRead();
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer waiting) throws Exception {
        output.write(waiting);
    }

    @Override
    protected Object filterOutboundMessage(Object message) {
        return PipelineOutput.direct(alloc(), (ByteBuf) message);
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
        reader.end();
        Connecting attempt = connecting;
        connecting = null;
        if (attempt != null) {
            attempt.closed();
        }
        writer.release();
        // Closing it first also removes it from epoll, which saves a system call.
        socket.close();
        doDeregister();
    }

    @Override
    protected void doDeregister() {
        watch.end();
    }

    /** Epoll reports that the socket accepts bytes, or that the attempt to connect has succeeded or failed. */
    void writable() {
        if (connecting != null) {
            connecting.finish();
        } else {
            reader.owner().writable();
        }
    }

    void connected(InetSocketAddress to, ChannelPromise promise) {
        connecting = null;
        remote = to;
        active = true;
        boolean wanted = promise.trySuccess();
        if (active) {
            pipeline().fireChannelActive();
        }
        if (!wanted) {
            closeNow();
        }
    }

    void connectFailed(InetSocketAddress to, ChannelPromise promise, Throwable cause) {
        connecting = null;
        promise.tryFailure(tcp().annotated(cause, to));
        closeNow();
    }

    private final class TcpUnsafe extends AbstractUnsafe {

        @Override
        protected void flush0() {
            if (isTaken()) {
                // The new owner accounts for the writer's memory.
                return;
            }
            if (!writer.isBlocked()) {
                super.flush0();
            }
            output.reserve(outboundBuffer());
        }

        @Override
        public void connect(SocketAddress to, @Nullable SocketAddress from, ChannelPromise promise) {
            if (!promise.isDone() && ensureOpen(promise)) {
                Connecting attempt = new Connecting(TcpChannel.this, socket, (InetSocketAddress) to, promise);
                connecting = attempt;
                attempt.begin();
            }
        }

        /** Adds the address to the message. */
        Throwable annotated(Throwable cause, SocketAddress to) {
            return annotateConnectException(cause, to);
        }
    }
}
