// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.containment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.EventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ThreadRulesTest {

    private final ContainedLoops loops = new ContainedLoops(2, NioIoHandler.newFactory(), new Failures());
    private final LoggingScheduler control = new LoggingScheduler("control");

    @AfterEach
    void stop() {
        control.shutdownNow();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void aCallOnTheRightThreadPasses() throws Exception {
        EventLoop loop = loops.next();

        assertThat(loop.submit(() -> ThreadRules.on(loop)).get()).isTrue();
        assertThat(control.submit(() -> ThreadRules.on(control)).get()).isTrue();
        assertThat(ThreadRules.mayBlock()).isTrue();
    }

    @Test
    void aCallOnAnotherThreadFailsAndNamesIt() {
        EventLoop loop = loops.next();

        assertThatThrownBy(() -> ThreadRules.on(loop))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(Thread.currentThread().getName());
        assertThatThrownBy(() -> ThreadRules.on(control))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("must run on the thread 'control'");
    }

    @Test
    void anEventLoopMayNeitherServeTheConnectionsOfAnotherNorBlock() throws Exception {
        EventLoop loop = loops.next();
        NioSocketChannel connection = new NioSocketChannel();
        loop.register(connection).sync();

        assertThat(loop.submit(() -> ThreadRules.onLoopOf(connection)).get()).isTrue();
        assertThatThrownBy(() -> loops.next()
                        .submit(() -> ThreadRules.onLoopOf(connection))
                        .get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> loop.submit(ThreadRules::mayBlock).get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(AssertionError.class);
        connection.close().sync();
    }

    /** The rules of the proxy's classes are checked in its tests, since these run with assertions enabled. */
    @Test
    void aClassThatIsUsedOnTheWrongThreadFailsTheTest() throws Exception {
        NioSocketChannel connection = new NioSocketChannel();
        EventLoop loop = loops.next();
        loop.register(connection).sync();

        assertThatThrownBy(() -> Containment.failed(connection, FailurePoint.TASK, new IllegalStateException()))
                .isInstanceOf(AssertionError.class);
        connection.close().sync();
    }
}
