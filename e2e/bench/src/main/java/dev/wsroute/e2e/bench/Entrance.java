// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.util.List;

/**
 * Where a proxy listens.
 *
 * @param port of 127.0.0.1
 * @param identities what it presents over TLS, by SNI, the first one otherwise; empty: it speaks no TLS
 */
record Entrance(int port, List<Identity> identities) {

    Entrance {
        identities = List.copyOf(identities);
    }

    boolean isSecure() {
        return !identities.isEmpty();
    }
}
