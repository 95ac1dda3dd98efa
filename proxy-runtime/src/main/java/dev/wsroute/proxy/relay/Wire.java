package dev.wsroute.proxy.relay;

import io.netty.buffer.ByteBuf;

/**
 * How bytes get to and from one end of a tunnel. What it hears of that end, it tells its {@link Side}. All is called on
 * the event loop.
 */
interface Wire {

    /** Queues a part of {@code buffer}, which stays the caller's and may be overwritten after this call. */
    void pass(ByteBuf buffer, int start, int end);

    /** What is passed next may wait for the end of the output, which follows at once, and share a segment with it. */
    void lastFollows();

    /** Queues a frame of the proxy's own, and releases it. */
    void write(ByteBuf frame);

    /** Sends what is queued, as far as the other end takes it. */
    void flush();

    /** The other end has said that it sends no more: there is no need to wait for the end of its output. */
    void lastHeard();

    /** Ends the output once all is sent, and tells {@link Side#outputEnded}. Nothing is queued any more. */
    void endOutput();

    /** Closes; bytes that wait are dropped. */
    void close();

    /** Sends what is queued, as far as the other end takes it at once, and closes such that it sees a reset. */
    void reset();

    /** Reads on, or not for now. */
    void readMore(boolean more);

    boolean isReading();

    boolean isOpen();

    /** So little waits that more may be queued. */
    boolean isWritable();

    /** Bytes wait for the other end to take them. */
    boolean hasBacklog();

    /** Grows with every byte that the other end takes while some wait. */
    long taken();
}
