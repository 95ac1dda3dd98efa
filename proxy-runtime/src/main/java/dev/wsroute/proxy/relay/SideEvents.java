// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import io.netty.buffer.ByteBuf;

/** The events of a {@link Side}. All methods are called on the event loop. */
interface SideEvents {

    /** Bytes were received; see {@link WireEvents#received}. */
    void received(Side from, ByteBuf buffer, int headroom);

    /** No more bytes are available now. */
    void receivedAll(Side from);

    /** Its writability has changed. */
    void writabilityChanged(Side to);

    /** Output to it failed and no longer matters. */
    void outputFailed(Side to);

    /** All was sent to it, and the output ended. */
    void outputEnded();

    /** Its input has ended. Called once, before {@link #closed}. */
    void inputEnded(Side from, boolean reset);

    /** It has read nothing for the write stall timeout while bytes were queued. */
    void stalled(Side side);

    /** Its connection is closed. The last event. */
    void closed();

    /** Its queued bytes are evicted to free memory. */
    void evicted();

    /** An unexpected error. */
    void threw(Throwable cause);
}
