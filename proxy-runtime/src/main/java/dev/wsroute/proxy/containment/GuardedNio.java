// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.containment;

import io.netty.channel.nio.NioIoHandle;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;

/** A socket that a selector watches. */
final class GuardedNio extends Guarded implements NioIoHandle {

    private final NioIoHandle socket;

    GuardedNio(NioIoHandle socket, Failures failures) {
        super(socket, failures);
        this.socket = socket;
    }

    @Override
    public SelectableChannel selectableChannel() {
        return socket.selectableChannel();
    }

    @Override
    boolean prepareReset() throws IOException {
        if (socket.selectableChannel() instanceof SocketChannel connection) {
            connection.setOption(StandardSocketOptions.SO_LINGER, 0);
            return true;
        }
        return false;
    }
}
