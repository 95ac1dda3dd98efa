// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

import dev.wsroute.config.ConnectionRules.RateAction;
import dev.wsroute.proxy.drain.CloseReason;
import org.jspecify.annotations.Nullable;

/** Receives the events of one open WebSocket, on its event loop. */
public interface TunnelMeter {

    /**
     * Called once per read burst.
     *
     * @param messages data messages that began, without control frames
     * @param bytes of frames, headers included
     */
    void relayed(Direction direction, long messages, long bytes);

    /** Reading is paused because too many bytes are queued for the other side. */
    void readingPaused(Direction direction);

    /** Reading resumes, or the connection has ended. Once per pause. */
    void readingResumed(Direction direction, long nanos);

    /** The client has sent faster than its rule allows. At most once. */
    void rateExceeded(RateAction action);

    /** A client that sent too fast has waited. It may send on, or the connection has ended. */
    void rateWaited(long nanos);

    /** The proxy starts to close the WebSocket. At most once. */
    void closeSent(CloseReason reason);

    /**
     * Both connections are closed. Exactly once; the last call.
     *
     * @param closeCode of the first Close frame, whoever sent it (RFC 6455 §7.4); 1005 when it had none; -1 without a
     *     Close frame
     * @param reason why the proxy closed; null when it did not
     */
    void ended(TunnelOutcome end, int closeCode, @Nullable CloseReason reason);

    /** Ignores all events. */
    TunnelMeter NONE = new TunnelMeter() {
        @Override
        public void relayed(Direction direction, long messages, long bytes) {}

        @Override
        public void readingPaused(Direction direction) {}

        @Override
        public void readingResumed(Direction direction, long nanos) {}

        @Override
        public void rateExceeded(RateAction action) {}

        @Override
        public void rateWaited(long nanos) {}

        @Override
        public void closeSent(CloseReason reason) {}

        @Override
        public void ended(TunnelOutcome end, int closeCode, @Nullable CloseReason reason) {}
    };
}
