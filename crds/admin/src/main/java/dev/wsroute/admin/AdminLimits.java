// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.admin;

import java.time.Duration;

/**
 * Limits of a server and its connections.
 *
 * @param connections maximum number of open connections; a further one evicts another
 * @param pages maximum number of pages being rendered or sent; a further one evicts another
 * @param headBytes maximum size of a request head, with its request line
 * @param headLines maximum number of lines of a request head
 * @param head time from accepting a connection until the whole head has arrived
 * @param answer time from the whole head until the kernel has taken the whole response
 */
public record AdminLimits(int connections, int pages, int headBytes, int headLines, Duration head, Duration answer) {

    /** At most about 15 MB of heap, if each connection sends the largest head. */
    public static final AdminLimits DEFAULT =
            new AdminLimits(1024, 8, 8192, 64, Duration.ofSeconds(3), Duration.ofSeconds(10));

    /** For a port that serves only probes, whose heads are small. */
    public static final AdminLimits PROBES =
            new AdminLimits(1024, 1, 2048, 32, Duration.ofSeconds(3), Duration.ofSeconds(10));
}
