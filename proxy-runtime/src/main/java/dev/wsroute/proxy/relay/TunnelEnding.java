package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.metrics.TunnelEnd;
import dev.wsroute.proxy.metrics.TunnelMeter;
import dev.wsroute.proxy.routing.EndpointLease;
import java.time.Duration;

/**
 * How a tunnel ends:
 *
 * <ul>
 * <li>A Close frame of either peer is passed on like any frame; nothing of that peer's is passed on after it.
 * <li>Once a side has been sent a Close and has sent its own, its output is ended.
 * <li>A client that ends without Close: the backend sees the end of the stream, or a reset where the client reset.
 * <li>A backend that ends without Close: the client gets Close 1012; in the midst of a frame, a reset. (If the client
 * has begun to close already, it sees the end of the stream.)
 * <li>The proxy closes: Close to both sides, each at the next frame boundary of its direction. The answers are
 * swallowed.
 * <li>What is left after the close timeout is reset.
 * </ul>
 *
 * Its {@link TunnelState} records what has happened; the {@link Flow}s know the progress of each direction. It receives
 * events and tells the sides what to do. All methods are called on the tunnel's event loop.
 */
final class TunnelEnding {

    private final Side client;
    private final Side backend;
    private final Flow up;
    private final Flow down;
    private final EndpointLease lease;
    private final TunnelMeter meter;
    private final CloseTimer closeTimer;
    private TunnelState state = new TunnelState.Open();
    /** By {@link System#nanoTime()}; of use once {@link #closing}. */
    private long closingSince;

    private boolean closing;

    /** @param timeout for a frame boundary, and for the peer's answer to Close */
    TunnelEnding(Side client, Side backend, EndpointLease lease, TunnelMeter meter, LoopTasks tasks, Duration timeout) {
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

    /** The proxy closes, unless it does already. */
    void close(CloseReason reason) {
        if (state.mayClose()) {
            startClosing(reason);
            up.requestClose(reason, backend);
            down.requestClose(reason, client);
            completeOutputs();
        }
    }

    private void startClosing(CloseReason reason) {
        state = state.proxyCloses(reason);
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

    /** How long ago the first Close frame came, or the proxy began to close; -1: neither happened. */
    long closingNanos() {
        return closing ? System.nanoTime() - closingSince : -1;
    }

    /** What a side said, beside frames. */
    void heard(Side from, Flow.Heard heard) {
        switch (heard) {
            case NOTHING_ELSE -> {}
            case OWN_CLOSE_WRITTEN -> completeOutputs();
            case CLOSE -> {
                TunnelEnd how = from.peer() == TunnelPeer.CLIENT ? TunnelEnd.CLIENT_CLOSED : TunnelEnd.BACKEND_CLOSED;
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

    /** Each output ends once a Close was sent there and one came from there. */
    private void completeOutputs() {
        if (down.closeWritten() && up.isOver()) {
            if (up.hasSaidClose()) {
                // RFC 6455 §7.1.1: it is for the server to close, and nothing more comes from this client.
                client.finish();
            } else {
                client.endOutput();
            }
        }
        if (up.closeWritten() && down.isOver()) {
            backend.endOutput();
        }
    }

    /** An output has ended: the peer has until the close timeout to end its own. */
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
        boolean inMidst = !up.discards();
        if (inMidst) {
            state = state.peerEnds(TunnelEnd.CLIENT_GONE, -1);
        }
        if (inMidst && reset) {
            backend.reset();
        } else if (inMidst || up.isOver()) {
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
            // The proxy closes: the client has until the close timeout to answer.
            awaitEnd();
        } else if (down.atBoundary()) {
            backendVanished();
        } else {
            resetClient(TunnelEnd.RESET_MID_FRAME);
            lease.backendLost();
        }
        if (!client.isOpen() || up.discards()) {
            backend.endOutput();
        }
    }

    private void backendVanished() {
        CloseReason reason = CloseReason.BACKEND_VANISHED;
        state = state.peerEnds(TunnelEnd.BACKEND_VANISHED, reason.code());
        up.discard();
        if (state.mayClose()) {
            lease.backendLost();
            startClosing(reason);
        }
        down.requestClose(reason, client);
        completeOutputs();
    }

    /** No Close can reach the client. */
    void resetClient(TunnelEnd how) {
        state = state.resets(how);
        client.reset();
    }

    /** That side is cut off, since no Close can reach it; the other one gets its Close. */
    void cutOff(Side side, CloseReason reason, TunnelEnd how) {
        close(reason);
        state = state.resets(how);
        side.reset();
    }

    private void closeTimedOut() {
        if (!state.mayClose()) {
            state = state.resets(TunnelEnd.RESET_AFTER_CLOSE_TIMEOUT);
        }
        resetBoth();
    }

    /**
     * Others need the memory of this tunnel's record, or of the bytes that wait for one of the sides: waiting for the
     * answers to Close would keep it.
     */
    void evicted() {
        if (!isFinished()) {
            state = state.resets(TunnelEnd.RESET_FOR_MEMORY);
            resetBoth();
        }
    }

    /** An internal error: no Close can be sent any more. */
    void broken() {
        state = state.resets(TunnelEnd.RESET_AFTER_ERROR);
        resetBoth();
    }

    private void resetBoth() {
        try {
            client.reset();
        } finally {
            backend.reset();
        }
    }

    /** Both connections are closed. Returns what is told of it. */
    TunnelState.Finished finish() {
        closeTimer.cancel();
        TunnelState.Finished finished = state.finishes();
        state = finished;
        return finished;
    }
}
