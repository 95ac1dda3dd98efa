// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

import dev.wsroute.config.ConnectionRules.RateAction;
import dev.wsroute.proxy.drain.CloseReason;
import org.jspecify.annotations.Nullable;

/** Counts what a tunnel to a backend does. */
record BackendTunnelMeter(BackendMeters backend, ShedMeters shedding) implements TunnelMeter {

    @Override
    public void relayed(Direction direction, long messages, long bytes) {
        backend.relayed(direction, messages, bytes);
    }

    @Override
    public void readingPaused(Direction direction) {
        backend.readingPaused(direction);
    }

    @Override
    public void readingResumed(Direction direction, long nanos) {
        backend.readingResumed(direction, nanos);
    }

    @Override
    public void rateExceeded(RateAction action) {
        backend.rateExceeded(action);
    }

    @Override
    public void rateWaited(long nanos) {
        backend.rateWaited(nanos);
    }

    @Override
    public void closeSent(CloseReason reason) {
        // Counted by code when the WebSocket ends.
    }

    @Override
    public void ended(TunnelOutcome end, int closeCode, @Nullable CloseReason reason) {
        if (reason != null && end == TunnelOutcome.RESET_AFTER_CLOSE_TIMEOUT) {
            shedding.reset(reason);
        }
        backend.closed(end, end.initiator(), code(end, closeCode));
        backend.ended();
    }

    /**
     * Maps close codes, which peers choose, to a bounded set: codes of RFC 6455 §7.4.1 as they are, those of libraries
     * and applications by their range, 1005 for a Close frame without a code, {@code none} without a Close frame, and
     * one value for all others.
     */
    private static String code(TunnelOutcome end, int code) {
        if (code < 0) {
            return end == TunnelOutcome.CLIENT_CLOSED || end == TunnelOutcome.BACKEND_CLOSED ? "1005" : "none";
        }
        if (code >= 1000 && code < 1016) {
            return String.valueOf(code);
        }
        return code >= 3000 && code < 5000 ? code / 1000 + "xxx" : "other";
    }
}
