// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import io.netty.channel.unix.Socket;
import java.io.IOException;

/** The bytes of the socket are those of the wire. */
final class PlainDecoder implements WireDecoder {

    private final LoopBuffer buffer;
    private int received;

    PlainDecoder(LoopBuffer buffer) {
        this.buffer = buffer;
    }

    @Override
    public int receive(Socket socket) throws IOException {
        received = socket.recvAddress(buffer.address(), LoopBuffer.HEADROOM, buffer.capacity());
        return received;
    }

    @Override
    public int decoded() {
        return received;
    }

    @Override
    public boolean mayHaveMore() {
        return received == buffer.capacity() - LoopBuffer.HEADROOM;
    }

    @Override
    public void release() {
        // Nothing is kept.
    }
}
