// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.metrics.Direction;

/** Who is at one end of a tunnel. */
enum TunnelPeer {
    CLIENT(Direction.CLIENT_TO_BACKEND),
    BACKEND(Direction.BACKEND_TO_CLIENT);

    private final Direction sends;

    TunnelPeer(Direction sends) {
        this.sends = sends;
    }

    /** The direction of the frames that this peer sends. */
    Direction sends() {
        return sends;
    }
}
