// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import dev.wsroute.config.ListenerConfig;
import dev.wsroute.proxy.admission.AdmissionControl;
import dev.wsroute.proxy.admission.ConnectionPermit;
import dev.wsroute.proxy.containment.ContainedInitializer;
import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.ThreadRules;
import dev.wsroute.proxy.drain.ShutdownTarget;
import dev.wsroute.proxy.http.client.ConnectionSetup;
import dev.wsroute.proxy.http.client.FinishHttp;
import dev.wsroute.proxy.http.client.HandshakeFailures;
import dev.wsroute.proxy.http.client.HttpSettings;
import dev.wsroute.proxy.http.request.LoopDetection;
import dev.wsroute.proxy.metrics.RefusalReason;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The data plane: listeners, and the connections that they accept. */
public final class ProxyServer implements ShutdownTarget, AutoCloseable {

    private static final int BACKLOG = 4096;

    private final Transport transport;
    private final EventLoopGroup loops;
    private final ProxyContext context;
    private final ChannelGroup listeners = new DefaultChannelGroup("listeners", GlobalEventExecutor.INSTANCE);
    final ChannelGroup clients = new DefaultChannelGroup("clients", GlobalEventExecutor.INSTANCE);
    final ChannelGroup backends = new DefaultChannelGroup("backends", GlobalEventExecutor.INSTANCE);
    private final CompletableFuture<Void> allClosed = new CompletableFuture<>();
    private final Sockets sockets;
    private final HttpSettings http;
    private final AtomicLong acceptWarnedAt = new AtomicLong();
    private final AdmissionControl admission;
    private final Set<ListeningSocket> listening = ConcurrentHashMap.newKeySet();
    private volatile boolean leaving;
    /** No more sockets may be bound. */
    private volatile boolean stopped;

    private volatile boolean finishing;

    /** @param loops event loops of that transport; the caller shuts them down after {@link #close()} */
    public ProxyServer(Transport transport, EventLoopGroup loops, ProxyContext context) {
        this.transport = transport;
        this.loops = loops;
        this.context = context;
        this.admission =
                new AdmissionControl(() -> context.snapshot().get().terms().caps());
        this.sockets = new Sockets(transport, this::dialed, context.memory().buffers());
        this.http = new HttpSettings(
                context.snapshot(),
                new Exchanges(context, sockets, () -> finishing),
                context.metrics(),
                context.accessLog(),
                context.memory(),
                new LoopDetection(),
                new HandshakeFailures(context.metrics()),
                () -> leaving,
                () -> finishing);
    }

    /**
     * Binds a socket. Clients can connect but are not accepted before {@link ListeningSocket#accept()}. Must not be
     * called on an event loop.
     *
     * @param bindAddress used when the listener has no address of its own
     * @param shared whether another open socket of this proxy may use the same port on an overlapping address; that
     *     socket must {@linkplain ListeningSocket#share share} the port
     * @throws IOException with a sentence that names listener, address and port
     */
    public ListeningSocket bind(ListenerConfig listener, String bindAddress, boolean shared) throws IOException {
        assert ThreadRules.mayBlock();
        String host = listener.address() == null ? bindAddress : listener.address();
        InetSocketAddress address = new InetSocketAddress(host, listener.port());
        ListeningSocket socket = new ListeningSocket(transport);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.AUTO_READ, false)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new AcceptPause(context.metrics(), acceptWarnedAt), socket.watch());
                    }
                })
                .childHandler(new ContainedInitializer(channel -> {
                    if (socket.serves(channel)) {
                        accept(channel, socket);
                    } else {
                        Containment.reset(channel);
                    }
                }));
        sockets.listens(bootstrap);
        if (shared) {
            transport.sharing(true).forEach((option, value) -> Sockets.set(bootstrap, option, value));
        }
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        Throwable cause = bound.cause();
        if (cause != null) {
            throw new IOException(
                    "Cannot listen on " + host + ":" + listener.port() + " for listener '" + listener.name() + "': "
                            + cause.getMessage(),
                    cause);
        }
        listeners.add(bound.channel());
        socket.bound(bound.channel());
        listening.add(socket);
        Containment.whenDone(bound.channel().closeFuture(), bound.channel(), closed -> listening.remove(socket));
        if (stopped) {
            socket.discard();
            throw new IOException("Cannot open listener '" + listener.name() + "': the proxy is shutting down");
        }
        return socket;
    }

    private void accept(Channel channel, ListeningSocket socket) {
        ConnectionPermit permit = admission.acquire();
        if (permit == null) {
            context.metrics().refused(RefusalReason.CONNECTIONS, 0, "");
            Containment.reset(channel);
            return;
        }
        // Separate listeners, so that a failure in one does not affect the others.
        Containment.whenDone(channel.closeFuture(), channel, closed -> permit.release());
        Containment.whenDone(channel.closeFuture(), channel, closed -> settleAfterHandlers(channel));
        clients.add(channel);
        context.metrics().clientConnected();
        Containment.whenDone(
                channel.closeFuture(), channel, closed -> context.metrics().clientDisconnected());
        sockets.accepted(channel);
        ConnectionSetup.install(channel, http, permit, socket::role);
    }

    private void dialed(Channel channel) {
        backends.add(channel);
        Containment.whenDone(channel.closeFuture(), channel, closed -> settleAfterHandlers(channel));
    }

    /** Number of connected clients, with or without a tunnel. */
    public int clientConnections() {
        return clients.size();
    }

    @Override
    public void endAfterResponses() {
        leaving = true;
    }

    @Override
    public void stopAccepting() {
        stopped = true;
        // The kernel has already accepted the queued connections and would reset them. Serve them instead.
        listening.forEach(ListeningSocket::close);
        listeners.newCloseFuture().addListener(closed -> settle());
    }

    @Override
    public void finishHttp() {
        leaving = true;
        finishing = true;
        for (Channel client : clients) {
            client.pipeline().fireUserEventTriggered(FinishHttp.EVENT);
        }
        settle();
    }

    @Override
    public CompletionStage<Void> allClosed() {
        return allClosed;
    }

    /** Handlers learn of a closed channel in a task after its close future. Wait until they are done. */
    private void settleAfterHandlers(Channel closed) {
        if (finishing) {
            Containment.execute(closed, () -> Containment.execute(closed, this::settle));
        }
    }

    private void settle() {
        if (finishing && clients.isEmpty() && backends.isEmpty() && listeners.isEmpty()) {
            allClosed.complete(null);
        }
    }

    @Override
    public void resetAll() {
        for (Channel client : clients) {
            Containment.execute(client, () -> Containment.reset(client));
        }
        for (Channel backend : backends) {
            Containment.execute(backend, () -> Containment.reset(backend));
        }
    }

    /** Closes the listeners and resets all connections. Must not be called on an event loop. */
    @Override
    public void close() {
        assert ThreadRules.mayBlock();
        leaving = true;
        finishing = true;
        listeners.close().awaitUninterruptibly();
        resetAll();
        clients.newCloseFuture().awaitUninterruptibly();
        backends.newCloseFuture().awaitUninterruptibly();
        settle();
    }
}
