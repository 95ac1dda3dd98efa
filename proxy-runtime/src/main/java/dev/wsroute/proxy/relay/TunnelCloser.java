// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.metrics.TunnelMeter;
import dev.wsroute.proxy.metrics.TunnelOutcome;
import dev.wsroute.proxy.routing.EndpointLease;
import java.time.Duration;

/**
 * Ends a tunnel, by these rules:
 *
 * <ul>
 *
 * <li>A Close frame from either peer is forwarded like any frame. Nothing from that peer is forwarded after it.
 *
 * <li>Once a side was sent a Close and has sent its own, its output is ended.
 *
 * <li>If a client disconnects without Close, the backend sees the end of the stream, or a reset if the client reset.
 *
 * <li>If a backend disconnects without Close, the client gets Close 1012, or a reset within a frame. (If the client has
 * already begun to close, it sees the end of the stream.)
 *
 * <li>If the proxy closes, both sides get a Close at the next frame boundary of their direction. The answers are
 * dropped.
 *
 * <li>Connections still open after the close timeout are reset.
 *
 * </ul>
 *
 * {@link TunnelState} records what has happened, and the {@link Flow}s the progress of each direction. All methods must
 * be called on the tunnel's event loop.
 */
final class TunnelCloser {

    private final Side client;
    private final Side backend;
    private final Flow up;
    private final Flow down;
    private final EndpointLease lease;
    private final TunnelMeter meter;
    private final CloseTimer closeTimer;
    private TunnelState state = new TunnelState.Open();
    /** As {@link System#nanoTime()}; valid once {@link #closing}. */
    private long closingSince;

    private boolean closing;

    /** @param timeout time for a frame boundary and for the peer's answer to Close */
    TunnelCloser(Side client, Side backend, EndpointLease lease, TunnelMeter meter, LoopTasks tasks, Duration timeout) {
        this.client = client;
        this.backend = backend;
        this.up = client.flow();
        this.down = backend.flow();
        this.lease = lease;
        this.meter = meter;
        this.closeTimer = new CloseTimer(tasks, timeout, this::closeTimedOut);
    }

    /** Neither closed nor being closed by the proxy. */
    boolean mayClose() {
        return state.mayClose();
    }

    boolean isFinished() {
        return state instanceof TunnelState.Finished;
    }

    /** The proxy closes the tunnel, unless it already does. */
    void close(CloseReason reason) {
        close(reason, reason.code());
    }

    /** The proxy closes the tunnel with this close code, unless it already does. */
    void close(CloseReason reason, int code) {
        if (state.mayClose()) {
            startClosing(reason, code);
            up.requestClose(reason, code, backend);
            down.requestClose(reason, code, client);
            completeOutputs();
        }
    }

    private void startClosing(CloseReason reason, int code) {
        state = state.proxyCloses(reason, code);
        noteClosing();
        meter.closeSent(reason);
        closeTimer.arm();
    }

    private void noteClosing() {
        if (!closing) {
            closing = true;
            closingSince = System.nanoTime();
        }
    }

    /** Nanoseconds since the first Close frame was received or the proxy began to close; -1 if neither happened. */
    long closingNanos() {
        return closing ? System.nanoTime() - closingSince : -1;
    }

    /** Handles an event among a side's frames. */
    void frameEvent(Side from, Flow.FrameEvent event) {
        switch (event) {
            case NONE -> {}
            case OWN_CLOSE_WRITTEN -> completeOutputs();
            case CLOSE -> {
                TunnelOutcome how =
                        from.peer() == TunnelPeer.CLIENT ? TunnelOutcome.CLIENT_CLOSED : TunnelOutcome.BACKEND_CLOSED;
                state = state.peerEnds(how, from.flow().closeCode());
                noteClosing();
                completeOutputs();
            }
            case BROKEN -> unreadable(CloseReason.PROTOCOL_ERROR);
            case TOO_BIG -> unreadable(CloseReason.MESSAGE_TOO_BIG);
        }
    }

    private void unreadable(CloseReason reason) {
        close(reason);
        completeOutputs();
    }

    /** An output ends once a Close was sent there and one was received from there. */
    private void completeOutputs() {
        if (down.closeWritten() && up.isOver()) {
            if (up.closeReceived()) {
                // RFC 6455 §7.1.1: the server closes first. No more input from this client is expected.
                client.finish();
            } else {
                client.endOutput();
            }
        }
        if (up.closeWritten() && down.isOver()) {
            backend.endOutput();
        }
    }

    /** An output has ended. The peer must end its own within the close timeout. */
    void outputEnded() {
        awaitEnd();
    }

    private void awaitEnd() {
        if (!isFinished()) {
            closeTimer.arm();
        }
    }

    void inputEnded(Side from, boolean reset) {
        if (from.peer() == TunnelPeer.CLIENT) {
            clientEnded(reset);
        } else {
            backendEnded();
        }
    }

    private void clientEnded(boolean reset) {
        boolean forwarding = !up.discards();
        if (forwarding) {
            state = state.peerEnds(TunnelOutcome.CLIENT_GONE, -1);
        }
        if (forwarding && reset) {
            backend.reset();
        } else if (forwarding || up.isOver()) {
            backend.endOutput();
        }
        if (reset) {
            client.reset();
        } else if (down.discards() || !backend.isOpen()) {
            client.endOutput();
        }
        up.discard();
    }

    private void backendEnded() {
        if (client.inputEnded() || (state.mayClose() && (down.discards() || up.closeWritten()))) {
            client.endOutput();
        } else if (down.discards()) {
            // The proxy closes. The client must answer within the close timeout.
            awaitEnd();
        } else if (down.atBoundary()) {
            backendVanished();
        } else {
            resetClient(TunnelOutcome.RESET_MID_FRAME);
            lease.backendLost();
        }
        if (!client.isOpen() || up.discards()) {
            backend.endOutput();
        }
    }

    private void backendVanished() {
        CloseReason reason = CloseReason.BACKEND_VANISHED;
        state = state.peerEnds(TunnelOutcome.BACKEND_VANISHED, reason.code());
        up.discard();
        if (state.mayClose()) {
            lease.backendLost();
            startClosing(reason, reason.code());
        }
        down.requestClose(reason, reason.code(), client);
        completeOutputs();
    }

    /** No Close can reach the client. */
    void resetClient(TunnelOutcome how) {
        state = state.resets(how);
        client.reset();
    }

    /** Resets a side that no Close can reach. The other side gets its Close. */
    void cutOff(Side side, CloseReason reason, TunnelOutcome how) {
        close(reason);
        state = state.resets(how);
        side.reset();
    }

    private void closeTimedOut() {
        if (!state.mayClose()) {
            state = state.resets(TunnelOutcome.RESET_AFTER_CLOSE_TIMEOUT);
        }
        resetBoth();
    }

    /** The tunnel is evicted to free memory. Waiting for the answers to Close would keep the memory. */
    void evicted() {
        if (!isFinished()) {
            state = state.resets(TunnelOutcome.RESET_FOR_MEMORY);
            resetBoth();
        }
    }

    /** An internal error. No Close can be sent any more. */
    void broken() {
        state = state.resets(TunnelOutcome.RESET_AFTER_ERROR);
        resetBoth();
    }

    private void resetBoth() {
        try {
            client.reset();
        } finally {
            backend.reset();
        }
    }

    /** Both connections are closed. Returns the outcome. */
    TunnelState.Finished finish() {
        closeTimer.cancel();
        TunnelState.Finished finished = state.finishes();
        state = finished;
        return finished;
    }
}
