package dev.wsroute.admin;

import java.time.Duration;

/**
 * Limits of a server and its connections.
 *
 * @param connections open at a time; a further one displaces another
 * @param pages being made or sent at a time; a further one displaces another
 * @param headBytes of a request, with its request line
 * @param headLines of a request
 * @param head from the accepted connection to the whole head
 * @param answer from the whole head until the kernel has taken the whole answer
 */
public record AdminLimits(int connections, int pages, int headBytes, int headLines, Duration head, Duration answer) {

    /** At most some 15 MB of the heap, if each connection sends the largest head. */
    public static final AdminLimits DEFAULT =
            new AdminLimits(1024, 8, 8192, 64, Duration.ofSeconds(3), Duration.ofSeconds(10));

    /** For a port that answers probes alone, whose heads are small. */
    public static final AdminLimits PROBES =
            new AdminLimits(1024, 1, 2048, 32, Duration.ofSeconds(3), Duration.ofSeconds(10));
}
