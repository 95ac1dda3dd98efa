package dev.wsroute.proxy.relay;

import io.netty.buffer.ByteBuf;

/** The events of a {@link Wire}. All methods are called on the event loop. */
interface WireEvents {

    /**
     * Bytes have come; the buffer stays the wire's.
     *
     * @param headroom so many bytes before them are free
     */
    void received(ByteBuf buffer, int headroom);

    /** No more is at hand now. */
    void receivedAll();

    /** {@link Wire#isWritable} has changed. */
    void writabilityChanged();

    /** Nothing that is sent here matters any more. Reading tells how it ended. */
    void outputFailed();

    /** All was sent, and the output ended; or could not be. */
    void outputEnded();

    /**
     * The other end sends no more. Told once, and before {@link #closed}.
     *
     * @param reset it ended with an error
     */
    void inputEnded(boolean reset);

    /** The connection is closed. The last that is told. */
    void closed();

    /** Others need the memory of the bytes that wait for the other end. */
    void evicted();

    /** Something unexpected was thrown, perhaps an {@link Error}. */
    void threw(Throwable cause);
}
