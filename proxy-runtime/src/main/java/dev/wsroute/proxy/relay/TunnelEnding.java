package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.balance.EndpointLease;
import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.metrics.TunnelEnd;

/**
 * How a tunnel ends:
 *
 * <ul>
 *   <li>A Close frame of either peer is passed on like any frame; nothing of that peer's is passed on after it.
 *   <li>Once a side has been sent a Close and has sent its own, its output is ended.
 *   <li>A client that ends without Close: the backend sees the end of the stream, or a reset where the client reset.
 *   <li>A backend that ends without Close: the client gets Close 1012; in the midst of a frame, a reset. (If the
 *       client has begun to close already, it sees the end of the stream.)
 *   <li>The proxy closes: Close to both sides, each at the next frame boundary of its direction. The answers are
 *       swallowed.
 *   <li>What is left after the close timeout is reset.
 * </ul>
 *
 * All is called on the tunnel's event loop.
 */
final class TunnelEnding {

    private final Side client;
    private final Side backend;
    private final Flow up;
    private final Flow down;
    private final EndpointLease lease;
    private final Outcome outcome;
    private final CloseTimer closeTimer;
    private boolean clientSaidClose;

    TunnelEnding(
            Side client,
            Side backend,
            Flow up,
            Flow down,
            EndpointLease lease,
            Outcome outcome,
            CloseTimer closeTimer) {
        this.client = client;
        this.backend = backend;
        this.up = up;
        this.down = down;
        this.lease = lease;
        this.outcome = outcome;
        this.closeTimer = closeTimer;
    }

    /** The proxy closes, unless it does already. */
    void close(CloseReason reason) {
        if (outcome.isClosing()) {
            return;
        }
        outcome.note(TunnelEnd.PROXY_CLOSED, reason.code());
        startClosing(reason);
        up.requestClose(reason);
        down.requestClose(reason);
    }

    private void startClosing(CloseReason reason) {
        outcome.closing(reason);
        closeTimer.arm(this::closeTimedOut);
    }

    /** A peer's Close frame was read. */
    void closeSeen(Flow from) {
        clientSaidClose |= from == up;
        outcome.note(from == up ? TunnelEnd.CLIENT_CLOSED : TunnelEnd.BACKEND_CLOSED, from.closeCode());
        completeOutputs();
    }

    /** What comes from there can't be passed on, nor read as frames. */
    void broken(CloseReason reason) {
        close(reason);
        completeOutputs();
    }

    /** Each output ends once a Close was sent there and one came from there. */
    void completeOutputs() {
        if (down.closeWritten() && up.closeSeen()) {
            if (clientSaidClose) {
                // RFC 6455 §7.1.1: it is for the server to close, and nothing more comes from this client.
                client.finish();
            } else {
                client.endOutput();
            }
        }
        if (up.closeWritten() && down.closeSeen()) {
            backend.endOutput();
        }
    }

    /** An output has ended: the peer has until the close timeout to end its own. */
    void outputEnded() {
        closeTimer.arm(this::closeTimedOut);
    }

    void clientEnded(boolean reset) {
        boolean inMidst = !up.discarding();
        if (inMidst) {
            outcome.note(TunnelEnd.CLIENT_GONE, -1);
        }
        if (inMidst && reset) {
            backend.reset();
        } else if (inMidst || up.closeSeen()) {
            backend.endOutput();
        }
        if (reset) {
            client.reset();
        } else if (down.discarding() || !backend.isOpen()) {
            client.endOutput();
        }
        up.discard();
    }

    void backendEnded() {
        if (client.inputEnded() || (!outcome.isClosing() && (down.discarding() || up.closeWritten()))) {
            client.endOutput();
        } else if (down.discarding()) {
            // The proxy closes: the client has until the close timeout to answer.
            closeTimer.arm(this::closeTimedOut);
        } else if (down.atBoundary()) {
            outcome.note(TunnelEnd.BACKEND_VANISHED, CloseReason.BACKEND_VANISHED.code());
            up.discard();
            if (!outcome.isClosing()) {
                lease.backendLost();
                startClosing(CloseReason.BACKEND_VANISHED);
            }
            down.requestClose(CloseReason.BACKEND_VANISHED);
        } else {
            resetClient(TunnelEnd.RESET_MID_FRAME);
            lease.backendLost();
        }
        if (!client.isOpen() || up.discarding()) {
            backend.endOutput();
        }
    }

    /** No Close can reach the client. */
    void resetClient(TunnelEnd how) {
        outcome.resetFor(how);
        client.reset();
    }

    /** That side takes no byte: it is cut off, since no Close can reach it; the other one gets its Close. */
    void cutOff(Side side) {
        close(CloseReason.WRITE_STALL);
        outcome.resetFor(TunnelEnd.RESET_AFTER_WRITE_STALL);
        side.reset();
    }

    private void closeTimedOut() {
        if (outcome.isClosing()) {
            outcome.resetFor(TunnelEnd.RESET_AFTER_CLOSE_TIMEOUT);
        }
        client.reset();
        backend.reset();
    }

    /** Both connections are closed. */
    void finished() {
        closeTimer.cancel();
        outcome.finished(up, down);
    }
}
