// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import io.netty.buffer.ByteBuf;

/** The events of a {@link Wire}. All methods are called on the event loop. */
interface WireEvents {

    /**
     * Bytes were received. The wire keeps the buffer.
     *
     * @param headroom number of free bytes before them
     */
    void received(ByteBuf buffer, int headroom);

    /** No more bytes are available now. */
    void receivedAll();

    /** {@link Wire#isWritable} has changed. */
    void writabilityChanged();

    /** Writing failed, and queued bytes are lost. Reading shows how the connection ended. */
    void outputFailed();

    /** The output has ended: all bytes were sent, or sending failed. */
    void outputEnded();

    /**
     * The input has ended. Called once, before {@link #closed}.
     *
     * @param reset whether it ended with an error
     */
    void inputEnded(boolean reset);

    /** The connection is closed. The last event. */
    void closed();

    /** The queued bytes must be freed: the memory budget is exhausted. */
    void evicted();

    /** An unexpected error, perhaps an {@link Error}. */
    void threw(Throwable cause);
}
