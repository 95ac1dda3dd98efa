// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import java.time.Duration;

/**
 * Bounds of one service's client, on each event loop.
 *
 * @param connections open connections
 * @param idle of these, those that wait for a subrequest
 * @param idleFor how long one waits
 * @param waiting subrequests that wait for a connection
 * @param pendingBytes heap that subrequests without an answer may take
 * @param sharing requests that wait for the answer to one subrequest
 * @param cached answers that are kept
 * @param cachedBytes their approximate size
 */
record ClientLimits(
        int connections,
        int idle,
        Duration idleFor,
        int waiting,
        long pendingBytes,
        int sharing,
        int cached,
        int cachedBytes) {

    /** Far below the usual 60 s and more after which services close idle connections themselves. */
    private static final Duration IDLE_FOR = Duration.ofSeconds(20);

    /** On each event loop, of which small proxies have one or two. */
    private static final int PART_OF_HEAP = 32;

    static final ClientLimits DEFAULT = new ClientLimits(
            32, 8, IDLE_FOR, 1024, Runtime.getRuntime().maxMemory() / PART_OF_HEAP, 4096, 1024, 1 << 20);
}
