// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.proxy.metrics.TlsFailure;

/** Receives the events of one connection's TLS. All methods are called on its event loop. */
public interface TlsHandshake {

    /** The first bytes of a client hello have arrived. */
    void begun();

    /**
     * The client hello is complete; the expensive part follows.
     *
     * @return false if a limit on handshakes is exceeded: then {@link #failed} is not called
     */
    boolean admit();

    /** The handshake has succeeded. */
    void secured(TlsSession session);

    /** The client speaks HTTP without TLS. The handlers of TLS are removed; the receiver answers and closes. */
    void plaintext();

    /**
     * The handshake has failed. The connection is being closed.
     *
     * @param detail for the debug log
     */
    void failed(TlsFailure reason, String detail);
}
