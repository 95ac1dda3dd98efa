// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.metrics.Direction;

/** Who is at one end of a tunnel. */
enum TunnelPeer {
    CLIENT(Direction.CLIENT_TO_BACKEND),
    BACKEND(Direction.BACKEND_TO_CLIENT);

    private final Direction speaks;

    TunnelPeer(Direction speaks) {
        this.speaks = speaks;
    }

    /** The direction of what it says. */
    Direction speaks() {
        return speaks;
    }
}
