// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.containment.SelfContained;
import io.netty.channel.AbstractServerChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.NativeInetAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Accepts {@link TcpChannel}s. They inherit the options that are set before it is bound, as far as Linux supports that. */
public final class TcpListener extends AbstractServerChannel {

    /** Size of Netty's encoding of an address: a length byte, an IPv6 address, its scope and the port. */
    private static final int ADDRESS_BYTES = 25;

    /** Level-triggered (epoll(7)): saves the failing accept that would show that no connection is left. */
    private static final EpollIoOps ACCEPT = EpollIoOps.EPOLLIN;

    private static final EpollIoOps PAUSE = EpollIoOps.EPOLLERR;

    private final Socket socket = Socket.newSocketStream();
    private final SocketConfig config = new SocketConfig(this, socket, this::pause);
    private final Acceptor acceptor = new Acceptor();
    private final Watch watch = new Watch();
    private final RefusedSocket refused = new RefusedSocket();
    private final AcceptGate gate;
    private volatile @Nullable InetSocketAddress bound;

    /** One that refuses nobody. */
    public TcpListener() {
        this(AcceptGate.OPEN);
    }

    /** @param gate decides which of the waiting clients are refused */
    public TcpListener(AcceptGate gate) {
        this.gate = gate;
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
        return bound != null && isOpen();
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop instanceof IoEventLoop io && io.isCompatible(Acceptor.class);
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return bound;
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        watch.register(eventLoop(), acceptor, null, promise);
    }

    @Override
    protected void doBind(SocketAddress address) throws Exception {
        socket.bind(address);
        socket.listen(config.backlog());
        // Clients send first, so the response can carry the acknowledgement. Set after listen, which resets it.
        TcpOptions.prefer(config, TcpOptions.QUICKACK, 0);
        bound = socket.localAddress();
    }

    /** Called once the listener is active, since auto-read is on. */
    @Override
    protected void doBeginRead() {
        watch.on(ACCEPT);
    }

    @Override
    protected void doClose() throws Exception {
        socket.close();
        doDeregister();
    }

    @Override
    protected void doDeregister() {
        watch.end();
    }

    /** Thread-safe. */
    private void pause() {
        // An unregistered listener gets no events.
        if (isRegistered()) {
            eventLoop()
                    .execute(() -> Containment.run(eventLoop(), FailurePoint.ACCEPT, () -> {
                        if (!config.isAutoRead()) {
                            watch.on(PAUSE);
                        }
                    }));
        }
    }

    private final class Acceptor implements EpollIoHandle, SelfContained {

        private final byte[] address = new byte[ADDRESS_BYTES];
        private final IntSupplier waiting = new WaitingClients(socket);

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
            TcpListener.this.close();
        }

        @Override
        public void handle(IoRegistration registered, IoEvent event) {
            Exception failure = null;
            try {
                int accepted = socket.accept(address);
                if (accepted >= 0) {
                    take(new Socket(accepted));
                    refuse(gate.excess(waiting));
                }
            } catch (IOException | RuntimeException e) {
                failure = e;
            } catch (Throwable e) {
                Containment.count(eventLoop(), FailurePoint.ACCEPT, e);
            }
            pipeline().fireChannelReadComplete();
            if (failure != null) {
                pipeline().fireExceptionCaught(failure);
            }
        }

        private void refuse(int excess) throws IOException {
            for (int left = excess; left > 0; left--) {
                int accepted = socket.accept(address);
                if (accepted < 0) {
                    return;
                }
                gate.refused(refused.refuse(new Socket(accepted), gate.answer()));
            }
        }

        private void take(Socket accepted) throws IOException {
            boolean taken = false;
            try {
                InetSocketAddress remote = NativeInetAddress.address(address, 1, address[0]);
                TcpChannel channel = new TcpChannel(TcpListener.this, accepted, remote);
                taken = true;
                pipeline().fireChannelRead(channel);
            } finally {
                if (!taken) {
                    accepted.close();
                }
            }
        }
    }
}
