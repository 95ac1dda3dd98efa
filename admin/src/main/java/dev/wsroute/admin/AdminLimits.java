package dev.wsroute.admin;

import java.time.Duration;

/**
 * What connections may take.
 *
 * @param connections open at a time; one more makes another one give way
 * @param pages being made or sent at a time; one more makes another one give way
 * @param headBytes of a request, with its request line
 * @param headLines of a request
 * @param head from the accepted connection to the whole head
 * @param answer from the whole head until the kernel has taken the whole answer
 */
public record AdminLimits(int connections, int pages, int headBytes, int headLines, Duration head, Duration answer) {

    /** At most some 10 MB of the heap, in the hands of who sends whole heads' worth of lines. */
    public static final AdminLimits DEFAULT =
            new AdminLimits(1024, 8, 8192, 64, Duration.ofSeconds(3), Duration.ofSeconds(10));
}
