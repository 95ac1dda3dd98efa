// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.RuleConfig.Timeouts;
import dev.wsroute.proxy.admission.AdmissionControl;
import dev.wsroute.proxy.admission.ConnectionPermit;
import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.ThreadRules;
import dev.wsroute.proxy.drain.ShutdownTarget;
import dev.wsroute.proxy.http.client.ConnectionSetup;
import dev.wsroute.proxy.http.client.FinishHttp;
import dev.wsroute.proxy.http.client.HandshakeFailures;
import dev.wsroute.proxy.http.client.HttpSettings;
import dev.wsroute.proxy.http.request.LoopDetection;
import dev.wsroute.proxy.metrics.RefusalReason;
import dev.wsroute.proxy.upstream.BackendDialer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The data plane: listeners, and the connections that they accept. */
public final class ProxyServer implements ShutdownTarget, AutoCloseable {

    /** Accepting begins later. */
    private static final Map<ChannelOption<?>, Object> OPTIONS = Map.of(
            ChannelOption.SO_REUSEADDR, true,
            ChannelOption.SO_BACKLOG, 4096,
            ChannelOption.AUTO_READ, false);

    private final Transport transport;
    private final EventLoopGroup loops;
    private final ProxyContext context;
    private final ChannelGroup listeners = new DefaultChannelGroup("listeners", GlobalEventExecutor.INSTANCE);
    final Set<Channel> clients = ConcurrentHashMap.newKeySet();
    final Set<Channel> backends = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> allClosed = new CompletableFuture<>();
    private final Sockets sockets;
    /** For connections to authorization services, which wait for the next check: a shutdown need not wait for them. */
    private final Sockets checkSockets;

    private final Set<Channel> checks = ConcurrentHashMap.newKeySet();
    private final HttpSettings http;
    private final AtomicLong acceptWarnedAt = new AtomicLong();
    private final AdmissionControl admission;
    private final OverloadLog overload = new OverloadLog(System.nanoTime());
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
        this.checkSockets =
                new Sockets(transport, this::dialedToCheck, context.memory().buffers());
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

    /** Counts of connections and handshakes, and what limits have refused. */
    public AdmissionControl admission() {
        return admission;
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
        Channel channel = open(socket, shared);
        Throwable cause = channel.bind(address)
                .addListener(ChannelFutureListener.CLOSE_ON_FAILURE)
                .awaitUninterruptibly()
                .cause();
        if (cause != null) {
            throw new IOException(
                    "Cannot listen on " + host + ":" + listener.port() + " for listener '" + listener.name() + "': "
                            + cause.getMessage(),
                    cause);
        }
        listeners.add(channel);
        socket.bound(channel);
        listening.add(socket);
        Containment.whenDone(channel.closeFuture(), channel, closed -> listening.remove(socket));
        if (stopped) {
            socket.discard();
            throw new IOException("Cannot open listener '" + listener.name() + "': the proxy is shutting down");
        }
        return socket;
    }

    /** A channel on an event loop, to be bound. */
    private Channel open(ListeningSocket socket, boolean shared) {
        Channel channel = transport.newListener(new OverloadGate(
                () -> socket.role().tls() != null, context.metrics(), admission, overload, System::nanoTime));
        OPTIONS.forEach((option, value) -> Sockets.set(channel, option, value));
        sockets.listens(channel);
        if (shared) {
            transport.sharing(true).forEach((option, value) -> Sockets.set(channel, option, value));
        }
        channel.pipeline()
                .addLast(
                        new AcceptPause(context.metrics(), acceptWarnedAt),
                        socket.watch(),
                        new Acceptor(loops, accepted -> accept(accepted, socket)));
        loops.register(channel).syncUninterruptibly();
        return channel;
    }

    private void accept(Channel channel, ListeningSocket socket) {
        if (!socket.serves(channel)) {
            Containment.reset(channel);
            return;
        }

        ConnectionPermit permit = admission.acquire();
        if (permit == null) {
            context.metrics().refused(RefusalReason.CONNECTIONS, 0, "");
            Containment.reset(channel);
            return;
        }
        Containment.whenDone(channel.closeFuture(), channel, closed -> left(channel, permit));
        context.metrics().clientConnected();
        clients.add(channel);
        sockets.accepted(channel);
        ConnectionSetup.install(channel, http, permit, socket::role);
    }

    private void left(Channel client, ConnectionPermit permit) {
        clients.remove(client);
        try {
            permit.release();
            context.metrics().clientDisconnected();
        } finally {
            settleAfterHandlers(client);
        }
    }

    private void dialed(Channel channel) {
        backends.add(channel);
        Containment.whenDone(channel.closeFuture(), channel, closed -> {
            backends.remove(channel);
            settleAfterHandlers(channel);
        });
    }

    private void dialedToCheck(Channel channel) {
        checks.add(channel);
        Containment.whenDone(channel.closeFuture(), channel, closed -> checks.remove(channel));
    }

    /** Opens connections to authorization services. */
    public BackendDialer checkDialer(Timeouts timeouts) {
        return checkSockets.dialer(timeouts);
    }

    /**
     * Marks what is sent to an authorization service, as requests are marked for backends.
     *
     * @param received headers of the request
     * @param sent headers of the subrequest
     */
    public void markLoop(HttpHeaders received, HttpHeaders sent) {
        http.loops().mark(received, sent);
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
        for (Channel check : checks) {
            Containment.execute(check, () -> Containment.reset(check));
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
        clients.forEach(client -> client.closeFuture().awaitUninterruptibly());
        backends.forEach(backend -> backend.closeFuture().awaitUninterruptibly());
        checks.forEach(check -> check.closeFuture().awaitUninterruptibly());
        settle();
    }
}
