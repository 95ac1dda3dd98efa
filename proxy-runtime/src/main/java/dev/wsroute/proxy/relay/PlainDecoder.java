// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import io.netty.channel.unix.Socket;
import java.io.IOException;

/** The bytes of the socket are those of the wire. */
final class PlainDecoder implements WireDecoder {

    /** In bytes. */
    private static final int LESS = 8 * 1024;

    private final LoopBuffer buffer;
    /** Where a read ends at most. */
    private int most;

    private int received;

    PlainDecoder(LoopBuffer buffer) {
        this.buffer = buffer;
        this.most = buffer.capacity();
    }

    @Override
    public int receive(Socket socket) throws IOException {
        received = socket.recvAddress(buffer.address(), LoopBuffer.HEADROOM, most);
        return received;
    }

    @Override
    public int decoded() {
        return received;
    }

    @Override
    public boolean mayHaveMore() {
        return received == most - LoopBuffer.HEADROOM;
    }

    @Override
    public void readLess() {
        most = LoopBuffer.HEADROOM + LESS;
    }

    @Override
    public void release() {
        // Nothing is kept.
    }
}
