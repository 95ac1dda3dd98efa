// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import dev.wsroute.proxy.containment.Deadline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.unix.Socket;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;

/** An attempt to connect a channel. All methods are called on the event loop. */
final class Connecting {

    private final TcpChannel channel;
    private final Socket socket;
    private final InetSocketAddress address;
    private final ChannelPromise promise;
    private final Deadline deadline;

    /** @param promise is completed with the result */
    Connecting(TcpChannel channel, Socket socket, InetSocketAddress address, ChannelPromise promise) {
        this.channel = channel;
        this.socket = socket;
        this.address = address;
        this.promise = promise;
        this.deadline = new Deadline(channel);
    }

    void begin() {
        try {
            if (address.isUnresolved()) {
                throw new UnresolvedAddressException();
            }
            if (socket.connect(address)) {
                channel.watchInput();
                succeed();
            } else {
                limit(channel.config().getConnectTimeoutMillis());
                channel.watchOutput();
            }
        } catch (Throwable e) {
            fail(e);
        }
    }

    /** Epoll reports that the attempt has succeeded or failed. */
    void finish() {
        try {
            if (socket.finishConnect()) {
                succeed();
            }
        } catch (Throwable e) {
            fail(e);
        }
    }

    private void succeed() {
        deadline.cancel();
        channel.connected(address, promise);
    }

    private void fail(Throwable cause) {
        deadline.cancel();
        channel.connectFailed(address, promise, cause);
    }

    /** The channel was closed before it was connected. */
    void closed() {
        deadline.cancel();
        promise.tryFailure(new ClosedChannelException());
    }

    /** @param millis 0 for no limit */
    private void limit(int millis) {
        if (millis > 0) {
            deadline.arm(Duration.ofMillis(millis), () -> {
                if (promise.tryFailure(
                        new ConnectTimeoutException("connection timed out after " + millis + " ms: " + address))) {
                    channel.close();
                }
            });
        }
    }
}
