// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.frames.FrameTracker;
import io.netty.buffer.ByteBuf;

/** Receives the frames for one side of a tunnel. After the end of the output, input is ignored. */
interface FrameOutput {

    /** Queues a part of a buffer, which the caller may overwrite afterwards. {@link #flush} sends it. */
    void pass(ByteBuf buffer, int start, int end);

    /** Queues the first bytes of a split header. */
    void passHeld(FrameTracker tracker);

    /** Announces that the other side's Close is passed next. If this side has sent its own, nothing follows it. */
    void closeFollows();

    /** Queues a Ping of the proxy to a client. */
    void writePing(long payload);

    /** Sends a Close of the proxy. */
    void writeClose(CloseReason reason, int code);

    /** Sends queued bytes. */
    void flush();
}
