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
        assertThat(plan.heads() + plan.requests() + plan.connections().of(0) * MemoryPlan.HEAP_PER_CONNECTION)
                .isLessThanOrEqualTo(plan.heap() / 4 * 3);
    }

    @Test
    void theDefaultImageHasRoomForFifteenThousandConnections() {
        ConnectionRoom room = MemoryPlan.of(205 * MIB, 205 * MIB).connections();

        assertThat(room.of(0)).isGreaterThan(15_000);
        assertThat(room.of(1)).isBetween(12_000, 15_000);
        assertThat(room.of(2)).isBetween(6_000, 7_500);
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 64, 205, 1024, 8192})
    void theEnginesOfAllConnectionsLeaveRoomForBuffers(int mebibytes) {
        MemoryPlan plan = MemoryPlan.of(mebibytes * MIB, mebibytes * MIB);

        assertThat(plan.connections().of(1) * MemoryPlan.TLS_ENGINE).isLessThanOrEqualTo(plan.buffers() / 2);
        assertThat(plan.connections().of(2) * 2 * MemoryPlan.TLS_ENGINE).isLessThanOrEqualTo(plan.buffers() / 2);
    }

    @Test
    void whatTlsHoldsIsMissingFromTheBuffers() {
        MemoryBudgets budgets = MemoryPlan.of(64 * MIB, 64 * MIB).budgets();
        Account handshake = budgets.handshakes().open(() -> {});
        handshake.hold(8 * MIB);
        for (int i = 0; i < 4096; i++) {
            assertThat(budgets.reserveTls()).isNotNull();
        }

        // 8 and 16 of 32 MiB are taken.
        Account buffers = budgets.buffers().open(() -> {});
        assertThat(buffers.hold(8 * MIB + 1)).isFalse();
        assertThat(buffers.hold(8 * MIB)).isTrue();
        assertThat(budgets.reserveTls()).isNull();
        assertThat(budgets.buffers().budget().used()).isEqualTo(8 * MIB);

        handshake.hold(0);
        assertThat(buffers.hold(16 * MIB)).isTrue();
    }

    @Test
    void unfinishedHandshakesGetAQuarterOfTheBuffers() {
        MemoryBudgets budgets = MemoryPlan.of(64 * MIB, 64 * MIB).budgets();
        Account first = budgets.handshakes().open(() -> {});
        Account reader = budgets.buffers().open(() -> {
            throw new AssertionError("a reader of other bytes is evicted");
        });
        reader.hold(MIB);

        assertThat(first.hold(8 * MIB + 1)).isFalse();
        assertThat(first.hold(7 * MIB)).isTrue();
        assertThat(first.isEvicted()).isTrue();
        assertThat(budgets.evictions()).isOne();
    }

    @Test
    void readersAreEvictedForTheEnginesOfNewConnections() {
        MemoryBudgets budgets = MemoryPlan.of(64 * MIB, 64 * MIB).budgets();
        Account reader = budgets.buffers().open(() -> {});
        reader.hold(27 * MIB);

        for (int i = 0; i < 256; i++) {
            assertThat(budgets.reserveTls()).isNotNull();
        }

        assertThat(reader.isEvicted()).isTrue();
    }

    @Test
    void aHandshakeIsReckonedByWhatThePeerSends() {
        assertThat(MemoryPlan.ofHandshake(0)).isEqualTo(12 * 1024);
        assertThat(MemoryPlan.ofHandshake(1000)).isEqualTo(12 * 1024 + 2500);
    }

    @Test
    void itContainsTheNumberOfConnectionsAndOfLongestRequestsThatFit() {
        assertThat(MemoryPlan.of(200 * MIB, 200 * MIB).with("requests", 8 * MIB))
                .hasToString(
                        "heap 200.0 MiB, direct 200.0 MiB; budgets: buffers 100.0 MiB, heads 12.5 MiB, requests"
                                + " 8.0 MiB; room for 17066 connections, 12800 with TLS, 6400 with TLS on both sides, or 1662 with the longest URLs and user agents");
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
