// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerRunnerTest {

    @TempDir
    private Path directory;

    private final ScheduledThreadPoolExecutor loop = new ScheduledThreadPoolExecutor(1);
    private final EventLoopGroup network = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final AtomicInteger plans = new AtomicInteger();
    private final CompletableFuture<ContainerPlan> secondPlan = new CompletableFuture<>();

    @AfterEach
    void endLoops() {
        loop.shutdownNow();
        network.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void aContainerThatIsKilledForGoodIsNotRestarted() throws Exception {
        ContainerRunner runner = runner();
        loop.execute(runner::start);
        await().until(() -> onLoop(runner::isRunning));

        onLoop(runner::killForGood).get(1, TimeUnit.MINUTES);
        await().until(() -> !onLoop(runner::isRunning));

        assertThat(plans).hasValue(1);
        assertThat(onLoop(runner::restarts)).isZero();
    }

    @Test
    void aRestartThatIsBeingPreparedIsGivenUp() throws Exception {
        ContainerRunner runner = runner();
        loop.execute(runner::start);
        await().until(() -> onLoop(runner::isRunning));
        ContainerState.Running running = (ContainerState.Running) onLoop(runner::state);
        ProcessHandle.of(running.pid()).orElseThrow().destroyForcibly();
        await().until(() -> plans.get() == 2);

        onLoop(runner::killForGood).get(1, TimeUnit.MINUTES);
        secondPlan.complete(plan());

        assertThat(onLoop(runner::isRunning)).isFalse();
    }

    private static ContainerPlan plan() {
        return new ContainerPlan(List.of("sleep", "3600"), Map.of());
    }

    private <T> T onLoop(Callable<T> call) throws Exception {
        return loop.submit(call).get(1, TimeUnit.MINUTES);
    }

    private ContainerRunner runner() {
        NodeConfig config = new NodeConfig(
                "local",
                new ImageTable(Map.of()),
                AddressRange.parse("127.99.0.0/29"),
                directory,
                (namespace, account, file) -> file,
                "127.0.0.1",
                false);
        NodeRuntime node = new NodeRuntime(
                config, loop, new ContainerLauncher(), new ProbeClient(network), new LogFiles(directory));
        return new ContainerRunner(
                node,
                new RestartingPod(),
                new ContainerBuilder().withName("main").build());
    }

    /** A pod whose containers are always restarted, the second time only once the test says so. */
    private final class RestartingPod implements ContainerRunner.Owner {

        @Override
        public CompletableFuture<ContainerPlan> plan(Container container) {
            return plans.incrementAndGet() == 1
                    ? CompletableFuture.completedFuture(ContainerRunnerTest.plan())
                    : secondPlan;
        }

        @Override
        public Path log(Container container, int restart) {
            return directory.resolve(restart + ".log");
        }

        @Override
        public Path workingDirectory(Container container) {
            return directory;
        }

        @Override
        public boolean restarts(int exitCode) {
            return true;
        }

        @Override
        public String address() {
            return "127.0.0.1";
        }

        @Override
        public Duration grace() {
            return Duration.ofSeconds(1);
        }

        @Override
        public void changed() {}
    }
}
