// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import io.netty.channel.unix.Socket;
import java.io.IOException;

/** Reads a socket into the loop's buffer, behind its headroom. All methods are called on the event loop. */
interface WireDecoder {

    /**
     * Reads the socket once.
     *
     * @return number of bytes before they are decoded; 0 if there are none now; negative at the end of the input
     * @throws IOException the input is broken
     */
    int receive(Socket socket) throws IOException;

    /** Number of bytes that the last {@link #receive} put into the loop's buffer; may be 0 although it read some. */
    int decoded();

    /** Whether there may be more than the last {@link #receive} had room for. */
    boolean mayHaveMore();

    /** From now on reads only so much at once that the rest of it may be held back. */
    void readLess();

    /** Releases what was received and not decoded. Nothing is read any more. */
    void release();
}
