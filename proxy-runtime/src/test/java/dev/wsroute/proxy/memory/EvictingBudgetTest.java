// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvictingBudgetTest {

    private static final int CAPACITY = 800;

    private final MemoryBudget bytes = new MemoryBudget("buffers", CAPACITY);
    private final EvictingBudget budget = new EvictingBudget(bytes, EvictionWeight.BYTES_TIMES_STALL);
    private final List<String> evicted = new ArrayList<>();

    private Account open(String name) {
        return budget.open(() -> evicted.add(name));
    }

    @Test
    void nobodyIsGivenUpAsLongAsAnEighthIsFree() {
        open("a").hold(600);
        open("b").hold(99);

        assertThat(evicted).isEmpty();
        assertThat(budget.isShort()).isFalse();
    }

    @Test
    void theLargestHolderWithAStalledReaderIsEvictedFirst() {
        Account small = open("small");
        Account large = open("large");
        small.hold(10);
        large.hold(400);

        open("newest").hold(300);

        assertThat(evicted).containsExactly("large");
        assertThat(budget.evictions()).isEqualTo(1);
    }

    @Test
    void aHolderWhoseReaderContinuesIsKeptThoughItHoldsMore() throws Exception {
        Account stalled = open("stalled");
        stalled.hold(300);
        Account slow = open("slow");
        slow.hold(350);
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < 5_000_000) {
            Thread.onSpinWait();
        }
        slow.progressed();

        open("newest").hold(60);

        assertThat(evicted).containsExactly("stalled");
    }

    @Test
    void weighedByBytesTheLargestHolderIsEvictedBeforeOlderOnes() throws Exception {
        EvictingBudget requests = new EvictingBudget(bytes, EvictionWeight.BYTES);
        requests.open(() -> evicted.add("old")).hold(200);
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < 5_000_000) {
            Thread.onSpinWait();
        }
        requests.open(() -> evicted.add("large")).hold(250);
        requests.open(() -> evicted.add("young")).hold(190);

        requests.open(() -> evicted.add("newest")).hold(60);

        assertThat(evicted).containsExactly("large");
    }

    @Test
    void whoHoldsTheAccountLaterIsGivenUpInPlaceOfTheOneBefore() {
        Account passed = open("before");
        passed.hold(650);
        passed.transferTo(() -> evicted.add("after"));

        open("newest").hold(60);

        assertThat(evicted).containsExactly("after");
    }

    @Test
    void whoTakesOverAnAccountThatIsGivenUpIsGivenUp() {
        Account passed = open("before");
        passed.hold(700);

        passed.transferTo(() -> evicted.add("after"));

        assertThat(evicted).containsExactly("before", "after");
    }

    @Test
    void anAccountThatWasGivenUpAndIsUsedAgainCanBeGivenUpAgain() {
        Account account = open("a");
        account.hold(700);
        account.hold(0);

        account.hold(700);

        assertThat(evicted).containsExactly("a", "a");
        account.hold(0);
        assertThat(bytes.used()).isZero();
    }

    @Test
    void anEvictedHolderIsNotCountedAndNotEvictedAgain() {
        Account first = open("first");
        first.hold(650);
        open("second").hold(60);
        assertThat(evicted).containsExactly("first");

        open("third").hold(50);

        assertThat(evicted).containsExactly("first");
        first.hold(0);
        assertThat(bytes.used()).isEqualTo(110);
    }

    @Test
    void beyondTheCapacityNothingIsReserved() {
        Account account = open("a");
        account.hold(700);

        assertThat(open("b").hold(101)).isFalse();
        assertThat(bytes.used()).isEqualTo(700);
        assertThat(budget.isShort()).isTrue();
    }

    @Test
    void everythingIsReleased() {
        Account account = open("a");
        account.hold(300);
        account.hold(100);
        account.hold(0);

        assertThat(bytes.used()).isZero();
    }
}
