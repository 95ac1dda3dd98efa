package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.frames.FrameTracker;
import io.netty.buffer.ByteBuf;

/** Takes the frames for one end of a tunnel. Once the output is to end, nothing is taken any more. */
interface FrameOutput {

    /** Queues a part of a buffer, which may be overwritten then; {@link #flush} sends. */
    void pass(ByteBuf buffer, int start, int end);

    /** Queues the first bytes of a header that was cut. */
    void passHeld(FrameTracker tracker);

    /** What is passed next is the other end's Close: where this end has said its own, nothing follows. */
    void closeFollows();

    /** Queues a Ping of the proxy's own towards a client. */
    void writePing(long payload);

    /** Sends a Close of the proxy's own. */
    void writeClose(CloseReason reason);

    /** Sends what is queued. */
    void flush();
}
