// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.containment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.server.Transport;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlineTest {

    private static final Duration SOON = Duration.ofMillis(20);
    private static final Duration LATER = Duration.ofMillis(60);
    private static final Duration NEVER = Duration.ofDays(1);

    private final ContainedLoops loops = Transport.NIO.newEventLoops(1);
    private final EventLoop loop = loops.next();
    private final List<Object> fired = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private Deadline deadline() {
        return new Deadline(loop, failures::add);
    }

    private void onLoop(Runnable task) throws Exception {
        loop.submit(task).sync();
    }

    @Test
    void theyFireWhenTheyAreDueWhateverTheirOrder() throws Exception {
        onLoop(() -> {
            deadline().arm(LATER, () -> fired.add("later"));
            deadline().arm(SOON, () -> fired.add("soon"));
            deadline().arm(SOON, () -> fired.add("soon, too"));
            deadline().arm(NEVER, () -> fired.add("never"));
        });

        await().untilAsserted(() -> assertThat(fired).hasSize(3));
        assertThat(fired).containsExactly("soon", "soon, too", "later");
    }

    @Test
    void whatIsCancelledOrReplacedDoesNotFire() throws Exception {
        onLoop(() -> {
            List<Deadline> all = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                int number = i;
                all.add(deadline());
                all.get(i).arm(SOON, () -> fired.add(number));
            }
            all.get(0).cancel();
            all.get(2).cancel();
            all.get(2).cancel();
            all.get(4).cancel();
            all.get(3).arm(SOON, () -> fired.add("again"));
            deadline().arm(LATER, () -> fired.add("end"));
        });

        await().untilAsserted(() -> assertThat(fired).endsWith("end"));
        assertThat(fired).containsExactly(1, "again", "end");
    }

    @Test
    void anActionMayArmAndCancelOthersAndAFailureAffectsNone() throws Exception {
        onLoop(() -> {
            Deadline victim = deadline();
            Deadline again = deadline();
            deadline().arm(SOON, () -> {
                victim.cancel();
                again.arm(SOON, () -> fired.add("again"));
                throw new IllegalStateException("of this one");
            });
            victim.arm(SOON, () -> fired.add("victim"));
            deadline().arm(SOON, () -> fired.add("next"));
        });

        await().untilAsserted(() -> assertThat(fired).hasSize(2));
        assertThat(fired).containsExactly("next", "again");
        assertThat(failures).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aFailureThatNobodyTakesStopsNoOther() throws Exception {
        onLoop(() -> {
            new Deadline(loop, cause -> {
                        throw new IllegalStateException("again", cause);
                    })
                    .arm(SOON, () -> {
                        throw new IllegalStateException("of this one");
                    });
            deadline().arm(SOON, () -> fired.add("next"));
        });

        await().untilAsserted(() -> assertThat(fired).containsExactly("next"));
    }

    @Test
    void oneThatBeginsWhileOthersExpireDelaysNone() throws Exception {
        onLoop(() -> {
            deadline().arm(SOON, () -> {
                deadline().arm(SOON, () -> fired.add("later"));
                deadline().arm(NEVER, () -> fired.add("never"));
            });
            deadline().arm(SOON, () -> fired.add("next"));
        });

        await().untilAsserted(() -> assertThat(fired).containsExactly("next", "later"));
    }

    @Test
    void manyThatAreDueAtOnceAllFireInTheirOrder() throws Exception {
        int many = 1000;
        onLoop(() -> {
            for (int i = 0; i < many; i++) {
                int number = i;
                deadline().arm(SOON, () -> fired.add(number));
            }
        });

        await().untilAsserted(() -> assertThat(fired).hasSize(many));
        assertThat(fired).isSortedAccordingTo((a, b) -> Integer.compare((int) a, (int) b));
    }

    @Test
    void manyLengthsShareFewQueues() throws Exception {
        onLoop(() -> {
            for (int i = 0; i < 100_000; i++) {
                Deadline deadline = deadline();
                deadline.arm(NEVER.plusMillis(i), () -> fired.add("never"));
                deadline.cancel();
            }
            fired.add(DeadlineQueues.of(loop).size());
        });

        assertThat(fired).singleElement(InstanceOfAssertFactories.INTEGER).isLessThan(10);
    }

    @ParameterizedTest
    @ValueSource(
            longs = {0, 1, 255, 256, 257, 1_000_000, 20_000_000, 10_000_000_000L, 86_400_000_000_001L, Long.MAX_VALUE})
    void aLengthBecomesLessThanOnePerCentLonger(long nanos) {
        assertThat(DeadlineQueues.roundedUp(nanos)).isBetween(nanos, (long) (nanos * 1.01));
    }
}
