package dev.wsroute.proxy.relay;

import io.netty.buffer.ByteBuf;

/** The events of a {@link Side}. All methods are called on the event loop. */
interface SideEvents {

    /** Bytes have come; see {@link WireEvents#received}. */
    void received(Side from, ByteBuf buffer, int headroom);

    /** No more is at hand now. */
    void receivedAll(Side from);

    /** It takes more, or no more for now. */
    void writabilityChanged(Side to);

    /** Nothing that is sent to it matters any more. */
    void outputFailed(Side to);

    /** All was sent to it, and the output ended. */
    void outputEnded();

    /** It sends no more. Told once, and before {@link #closed}. */
    void inputEnded(Side from, boolean reset);

    /** It has taken nothing for the write stall timeout while bytes waited. */
    void stalled(Side side);

    /** Its connection is closed. The last that is told. */
    void closed();

    /** Others need the memory of the bytes that wait for this side. */
    void evicted();

    /** Something unexpected was thrown. */
    void threw(Throwable cause);
}
