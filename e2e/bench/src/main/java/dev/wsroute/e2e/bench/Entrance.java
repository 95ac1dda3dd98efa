// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.util.List;

/**
 * Where a proxy listens.
 *
 * @param port of 127.0.0.1
 * @param identities certificates that it presents by SNI, the first one by default; empty: without TLS
 */
record Entrance(int port, List<Identity> identities) {

    Entrance {
        identities = List.copyOf(identities);
    }

    boolean isSecure() {
        return !identities.isEmpty();
    }
}
