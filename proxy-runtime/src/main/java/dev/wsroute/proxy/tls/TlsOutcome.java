// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import io.netty.channel.ChannelHandlerContext;

/** Receives what becomes of one connection's TLS. All methods are called on its event loop. */
interface TlsOutcome {

    /**
     * The handshake has succeeded.
     *
     * @return false if the connection is refused all the same, and reset: what the peer sent with the handshake is dropped
     */
    boolean secured();

    /** The handshake has failed. The connection is being closed. */
    void failed(Throwable cause);

    /** There is no memory for the handshake. The connection is being reset. */
    void starved();

    /**
     * An alert of the peer, or a broken record.
     *
     * @return what the handlers of the connection receive
     */
    default Throwable broken(Throwable cause) {
        return cause;
    }

    /** The peer has ended the connection without a close_notify. The end of the input follows. */
    default void truncated(ChannelHandlerContext ctx) {
        // Counts as the end, as it does without TLS.
    }
}
