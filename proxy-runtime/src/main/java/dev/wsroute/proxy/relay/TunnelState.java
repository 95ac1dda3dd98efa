// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.metrics.TunnelEnd;
import org.jspecify.annotations.Nullable;

/**
 * The progress of a tunnel's end, and the outcome to report: the first thing that happened, unless a reset had to
 * follow. Its close code is that of the first Close frame, whoever sent it. Each method is an event and returns the next state; an event that no longer matters returns the same state.
 *
 * <pre>
 * Open ──▶ PeerEnding ──▶ ProxyClosing ──▶ Resetting ──▶ Finished
 *   any of them may be passed over
 * </pre>
 */
sealed interface TunnelState {

    /**
     * A peer has ended its output.
     *
     * @param how the tunnel ends if nothing happened before
     * @param closeCode code of its Close frame; 1005 if it has none; -1 without a Close frame
     */
    TunnelState peerEnds(TunnelEnd how, int closeCode);

    /** The proxy closes. */
    TunnelState proxyCloses(CloseReason reason);

    /** A side must be reset. The first cause is reported. */
    TunnelState resets(TunnelEnd how);

    /** Both connections are closed. */
    Finished finishes();

    /** Whether the proxy may still begin to close. */
    boolean mayClose();

    /** Nothing has happened. */
    record Open() implements TunnelState {
        @Override
        public PeerEnding peerEnds(TunnelEnd how, int closeCode) {
            return new PeerEnding(how, closeCode);
        }

        @Override
        public ProxyClosing proxyCloses(CloseReason reason) {
            return new ProxyClosing(TunnelEnd.PROXY_CLOSED, reason.code(), reason);
        }

        @Override
        public Resetting resets(TunnelEnd how) {
            return new Resetting(how, -1, null);
        }

        @Override
        public Finished finishes() {
            return new Finished(TunnelEnd.CLIENT_GONE, -1, null);
        }

        @Override
        public boolean mayClose() {
            return true;
        }
    }

    /** A peer has sent Close or disconnected. */
    record PeerEnding(TunnelEnd how, int closeCode) implements TunnelState {
        @Override
        public PeerEnding peerEnds(TunnelEnd later, int code) {
            return closeCode < 0 ? new PeerEnding(how, code) : this;
        }

        @Override
        public ProxyClosing proxyCloses(CloseReason reason) {
            return new ProxyClosing(how, closeCode < 0 ? reason.code() : closeCode, reason);
        }

        @Override
        public Resetting resets(TunnelEnd later) {
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
    record ProxyClosing(TunnelEnd how, int closeCode, CloseReason reason) implements TunnelState {
        @Override
        public ProxyClosing peerEnds(TunnelEnd later, int code) {
            return this;
        }

        @Override
        public ProxyClosing proxyCloses(CloseReason later) {
            return this;
        }

        @Override
        public Resetting resets(TunnelEnd later) {
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
    record Resetting(TunnelEnd how, int closeCode, @Nullable CloseReason reason) implements TunnelState {
        @Override
        public Resetting peerEnds(TunnelEnd later, int code) {
            return closeCode < 0 ? new Resetting(how, code, reason) : this;
        }

        @Override
        public Resetting proxyCloses(CloseReason now) {
            return reason == null ? new Resetting(how, closeCode < 0 ? now.code() : closeCode, now) : this;
        }

        @Override
        public Resetting resets(TunnelEnd later) {
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
    record Finished(TunnelEnd how, int closeCode, @Nullable CloseReason reason) implements TunnelState {
        @Override
        public Finished peerEnds(TunnelEnd later, int code) {
            return this;
        }

        @Override
        public Finished proxyCloses(CloseReason later) {
            return this;
        }

        @Override
        public Finished resets(TunnelEnd later) {
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
