// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import io.netty.buffer.ByteBuf;

/** The events of a {@link Side}. All methods are called on the event loop. */
interface SideEvents {

    /** Bytes were received; see {@link WireEvents#received}. */
    void received(Side from, ByteBuf buffer, int headroom);

    /** No more bytes are available now. */
    void receivedAll(Side from);

    /** {@link Side#isWritable} has changed. */
    void writabilityChanged(Side to);

    /** Writing to the side failed. Its queued bytes are lost. */
    void outputFailed(Side to);

    /** All bytes were sent to the side, and its output has ended. */
    void outputEnded();

    /** The side's input has ended. Called once, before {@link #closed}. */
    void inputEnded(Side from, boolean reset);

    /** The side has read nothing for the write stall timeout while bytes were queued. */
    void stalled(Side side);

    /** The side's connection is closed. The last event. */
    void closed();

    /** The side's queued bytes must be freed: the memory budget is exhausted. */
    void evicted();

    /** An unexpected error. */
    void threw(Throwable cause);
}
