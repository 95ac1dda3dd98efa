// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.containment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.server.Transport;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopWatchTest {

    private final ContainedLoops loops = Transport.NIO.newEventLoops(2);
    private final AtomicInteger exits = new AtomicInteger();
    private final LoopWatch watch = new LoopWatch(loops, exits::incrementAndGet);

    @AfterEach
    void close() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void aLoopThatEndsByItselfEndsTheProcess() {
        loops.next().shutdownGracefully(0, 1, TimeUnit.SECONDS);

        await().untilAsserted(() -> assertThat(exits).hasValue(1));
    }

    @Test
    void loopsIgnoreAShutdown() {
        watch.stop();

        close();

        assertThat(exits).hasValue(0);
    }
}
