// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.metrics.TunnelOutcome;
import org.jspecify.annotations.Nullable;

/**
 * How far the end of a tunnel has progressed, and the outcome to report: the first thing that happened, unless a reset
 * had to follow. The close code is that of the first Close frame, whoever sent it. Each method is an event and returns
 * the next state; an event that no longer matters returns the same state.
 *
 * <pre>
 * Open ──▶ PeerEnding ──▶ ProxyClosing ──▶ Resetting ──▶ Finished
 *   any of them may be skipped
 * </pre>
 */
sealed interface TunnelState {

    /**
     * A peer has ended its output.
     *
     * @param how outcome of the tunnel if nothing happened before
     * @param closeCode code of its Close frame; 1005 if it has none; -1 without a Close frame
     */
    TunnelState peerEnds(TunnelOutcome how, int closeCode);

    /** The proxy closes with this code. */
    TunnelState proxyCloses(CloseReason reason, int code);

    /** A side must be reset. The first cause is reported. */
    TunnelState resets(TunnelOutcome how);

    /** Both connections are closed. */
    Finished finishes();

    /** Whether the proxy may still begin to close. */
    boolean mayClose();

    /** Nothing has happened. */
    record Open() implements TunnelState {
        @Override
        public PeerEnding peerEnds(TunnelOutcome how, int closeCode) {
            return new PeerEnding(how, closeCode);
        }

        @Override
        public ProxyClosing proxyCloses(CloseReason reason, int code) {
            return new ProxyClosing(TunnelOutcome.PROXY_CLOSED, code, reason);
        }

        @Override
        public Resetting resets(TunnelOutcome how) {
            return new Resetting(how, -1, null);
        }

        @Override
        public Finished finishes() {
            return new Finished(TunnelOutcome.CLIENT_GONE, -1, null);
        }

        @Override
        public boolean mayClose() {
            return true;
        }
    }

    /** A peer has sent Close or disconnected. */
    record PeerEnding(TunnelOutcome how, int closeCode) implements TunnelState {
        @Override
        public PeerEnding peerEnds(TunnelOutcome later, int code) {
            return closeCode < 0 ? new PeerEnding(how, code) : this;
        }

        @Override
        public ProxyClosing proxyCloses(CloseReason reason, int code) {
            return new ProxyClosing(how, closeCode < 0 ? code : closeCode, reason);
        }

        @Override
        public Resetting resets(TunnelOutcome later) {
            return new Resetting(later, closeCode, null);
        }

        @Override
        public Finished finishes() {
            return new Finished(how, closeCode, null);
        }

        @Override
        public boolean mayClose() {
            return true;
        }
    }

    /** The proxy has sent Close to both sides, or waits for a frame boundary. */
    record ProxyClosing(TunnelOutcome how, int closeCode, CloseReason reason) implements TunnelState {
        @Override
        public ProxyClosing peerEnds(TunnelOutcome later, int code) {
            return this;
        }

        @Override
        public ProxyClosing proxyCloses(CloseReason later, int code) {
            return this;
        }

        @Override
        public Resetting resets(TunnelOutcome later) {
            return new Resetting(later, closeCode, reason);
        }

        @Override
        public Finished finishes() {
            return new Finished(how, closeCode, reason);
        }

        @Override
        public boolean mayClose() {
            return false;
        }
    }

    /**
     * A side was reset; the other one may still be asked to close.
     *
     * @param reason why the proxy closes; null if it does not
     */
    record Resetting(
            TunnelOutcome how, int closeCode, @Nullable CloseReason reason) implements TunnelState {
        @Override
        public Resetting peerEnds(TunnelOutcome later, int code) {
            return closeCode < 0 ? new Resetting(how, code, reason) : this;
        }

        @Override
        public Resetting proxyCloses(CloseReason now, int code) {
            return reason == null ? new Resetting(how, closeCode < 0 ? code : closeCode, now) : this;
        }

        @Override
        public Resetting resets(TunnelOutcome later) {
            return this;
        }

        @Override
        public Finished finishes() {
            return new Finished(how, closeCode, reason);
        }

        @Override
        public boolean mayClose() {
            return reason == null;
        }
    }

    /**
     * Both connections are closed; this is the outcome to report.
     *
     * @param reason why the proxy closed; null if it did not
     */
    record Finished(
            TunnelOutcome how, int closeCode, @Nullable CloseReason reason) implements TunnelState {
        @Override
        public Finished peerEnds(TunnelOutcome later, int code) {
            return this;
        }

        @Override
        public Finished proxyCloses(CloseReason later, int code) {
            return this;
        }

        @Override
        public Finished resets(TunnelOutcome later) {
            return this;
        }

        @Override
        public Finished finishes() {
            return this;
        }

        @Override
        public boolean mayClose() {
            return false;
        }
    }
}
