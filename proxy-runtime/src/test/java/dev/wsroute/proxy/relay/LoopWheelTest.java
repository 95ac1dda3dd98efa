// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.testkit.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoopWheelTest {

    private final ManualScheduler loop = new ManualScheduler();
    private final LoopWheel wheel = new LoopWheel(loop, loop::nanoTime);
    private final List<String> fired = new ArrayList<>();

    private LoopWheel.WheelEntry entry(String name) {
        return new LoopWheel.WheelEntry() {
            @Override
            void threw(Throwable cause) {
                throw new AssertionError(cause);
            }

            @Override
            void fire() {
                fired.add(name + " at " + wheel.now());
            }
        };
    }

    @Test
    void anEntryFiresOnceAtItsTick() {
        wheel.list(entry("soon"), 3);
        wheel.list(entry("late"), 1000);
        wheel.list(entry("past"), -5);

        loop.advance(Duration.ofSeconds(300));

        assertThat(fired).containsExactly("past at 2", "soon at 3", "late at 1000");
    }

    @Test
    void aCancelledEntryDoesNotFire() {
        List<LoopWheel.WheelEntry> entries = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            entries.add(entry("e" + i));
            wheel.list(entries.get(i), 9);
        }

        wheel.cancel(entries.get(0));
        wheel.cancel(entries.get(2));
        wheel.cancel(entries.get(4));
        wheel.cancel(entries.get(4));
        loop.advance(Duration.ofSeconds(10));

        assertThat(fired).containsExactlyInAnyOrder("e1 at 9", "e3 at 9");
    }

    @Test
    void anEntryThatFiresMayCancelOthersAndListItselfAgain() {
        List<LoopWheel.WheelEntry> others = new ArrayList<>();
        wheel.list(
                new LoopWheel.WheelEntry() {
                    @Override
                    void threw(Throwable cause) {
                        throw new AssertionError(cause);
                    }

                    @Override
                    void fire() {
                        fired.add("first at " + wheel.now());
                        others.forEach(wheel::cancel);
                        if (wheel.now() < 600) {
                            wheel.list(this, wheel.now() + 256);
                        }
                    }
                },
                7);
        for (int i = 0; i < 3; i++) {
            others.add(entry("other"));
            wheel.list(others.get(i), 7 + 256 * (i + 1));
        }

        loop.advance(Duration.ofSeconds(300));

        assertThat(fired).containsExactly("first at 7", "first at 263", "first at 519", "first at 775");
    }

    @Test
    void noTimerRunsWhileNothingIsListed() {
        wheel.list(entry("only"), 2);
        loop.advance(Duration.ofSeconds(1));
        long at = wheel.now();

        loop.advance(Duration.ofMinutes(1));

        assertThat(wheel.now()).isEqualTo(at);
    }

    @Test
    void duringAPauseOfTheProcessAtMostASecondPasses() {
        wheel.list(entry("limit"), 1 + 4 * 60);
        loop.advance(Duration.ofSeconds(10));

        loop.pause(Duration.ofMinutes(10));
        loop.advance(Duration.ofMillis(1));
        assertThat(wheel.now()).isBetween(40L, 46L);
        loop.advance(Duration.ofSeconds(51));

        assertThat(fired).containsExactly("limit at 241");
    }

    @Test
    void aFailingEntryDoesNotAffectTheOthers() {
        List<Throwable> failures = new ArrayList<>();
        LoopWheel.WheelEntry failing = new LoopWheel.WheelEntry() {
            @Override
            void fire() {
                throw new AssertionError("on purpose");
            }

            @Override
            void threw(Throwable cause) {
                failures.add(cause);
            }
        };
        wheel.list(entry("before"), 3);
        wheel.list(failing, 3);
        wheel.list(entry("beside"), 3);
        wheel.list(entry("later"), 5);

        loop.advance(Duration.ofSeconds(10));

        assertThat(failures).hasSize(1);
        assertThat(fired).containsExactlyInAnyOrder("before at 3", "beside at 3", "later at 5");
    }
}
