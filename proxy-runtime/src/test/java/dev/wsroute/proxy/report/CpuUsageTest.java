// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CpuUsageTest {

    private long now = -5;
    private long used = 7;
    private final CpuUsage usage = new CpuUsage(() -> now, () -> used);

    @Test
    void theStartOfTheProcessDoesNotCount() {
        run(119, 2_000);
        assertThat(usage.millicores()).isNull();

        run(1, 2_000);
        assertThat(usage.millicores()).isEqualTo(2_000);
    }

    @Test
    void itIsTheAverageOfTheLastMinute() {
        run(120, 500);

        run(30, 1_500);
        assertThat(usage.millicores()).isEqualTo(1_000);

        run(30, 1_500);
        assertThat(usage.millicores()).isEqualTo(1_500);

        run(600, 100);
        assertThat(usage.millicores()).isEqualTo(100);
    }

    @Test
    void afterAPauseItIsMeasuredAnew() {
        run(150, 500);
        now += Duration.ofHours(1).toNanos();
        used += Duration.ofHours(1).toNanos();

        run(60, 250);
        assertThat(usage.millicores()).isNull();

        run(1, 250);
        assertThat(usage.millicores()).isEqualTo(250);
    }

    @Test
    void itIsUnknownWhereTheSystemDoesNotSay() {
        CpuUsage silent = new CpuUsage(() -> now, () -> -1);
        for (int i = 0; i < 200; i++) {
            now += Duration.ofSeconds(1).toNanos();
            silent.sample();
        }

        assertThat(silent.millicores()).isNull();
    }

    @Test
    void thisProcessKnowsItsOwn() {
        assertThat(CpuUsage.ofProcess().millicores()).isNull();
    }

    private void run(int seconds, long millicores) {
        for (int i = 0; i < seconds; i++) {
            now += Duration.ofSeconds(1).toNanos();
            used += millicores * 1_000_000;
            usage.sample();
        }
    }
}
