// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A socket that does not block, with or without TLS. */
public interface PeerChannel {

    SocketChannel socket();

    /** Returns -1 at the end of the stream. */
    int read(ByteBuffer into) throws IOException;

    /** Returns whether the kernel has accepted everything; if not, call it again. */
    boolean write(ByteBuffer bytes) throws IOException;

    static PeerChannel plain(SocketChannel socket) {
        return new PeerChannel() {
            @Override
            public SocketChannel socket() {
                return socket;
            }

            @Override
            public int read(ByteBuffer into) throws IOException {
                return socket.read(into);
            }

            @Override
            public boolean write(ByteBuffer bytes) throws IOException {
                socket.write(bytes);
                return !bytes.hasRemaining();
            }
        };
    }
}
