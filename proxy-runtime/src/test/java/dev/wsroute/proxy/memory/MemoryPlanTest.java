// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryPlanTest {

    private static final long MIB = 1 << 20;

    @ParameterizedTest
    @ValueSource(ints = {16, 64, 205, 1024, 8192})
    void whatIsDividedIsLessThanThereIs(int mebibytes) {
        MemoryPlan plan = MemoryPlan.of(mebibytes * MIB, mebibytes * MIB);

        assertThat(plan.buffers()).isLessThanOrEqualTo(plan.direct() / 2);
        assertThat(plan.heads() + plan.requests() + plan.connections() * MemoryPlan.HEAP_PER_CONNECTION)
                .isLessThanOrEqualTo(plan.heap() / 4 * 3);
    }

    @Test
    void theDefaultImageHasRoomForFifteenThousandConnections() {
        assertThat(MemoryPlan.of(205 * MIB, 205 * MIB).connections()).isGreaterThan(15_000);
    }

    @Test
    void itContainsTheNumberOfConnectionsAndOfLongestRequestsThatFit() {
        assertThat(MemoryPlan.of(200 * MIB, 200 * MIB).with("requests", 8 * MIB))
                .hasToString("heap 200.0 MiB, direct 200.0 MiB; budgets: buffers 100.0 MiB, heads 12.5 MiB, requests"
                        + " 8.0 MiB; room for 17066 connections, or for 1662 with the longest URLs and user agents");
    }

    @Test
    void aBudgetCanHaveAnotherSize() {
        MemoryPlan plan = MemoryPlan.of(200 * MIB, 200 * MIB).with("buffers", 120 * MIB);

        assertThat(plan.budgets().buffers().budget().capacity()).isEqualTo(120 * MIB);
    }

    @Test
    void budgetsThatDoNotFitAreRefusedWithASentence() {
        MemoryPlan plan = MemoryPlan.of(200 * MIB, 200 * MIB);

        assertThatThrownBy(() -> plan.with("buffers", 160 * MIB))
                .hasMessage("buffers may take at most three quarters of the direct memory, 150.0 MiB, got 160.0 MiB");
        assertThatThrownBy(() -> plan.with("heads", 40 * MIB)).hasMessageContaining("at most a quarter of the heap");
        assertThatThrownBy(() -> plan.with("threads", MIB))
                .hasMessage("'threads' is not a budget: the budgets are buffers, heads and requests");
        assertThatThrownBy(() -> plan.with("heads", 1)).hasMessage("heads needs at least 1.0 MiB");
    }
}
