// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class MemoryBudgetTest {

    private final MemoryBudget budget = new MemoryBudget("heads", 100);

    @Test
    void whatFitsIsReserved() {
        assertThat(budget.reserve(60)).isTrue();
        assertThat(budget.reserve(40)).isTrue();

        assertThat(budget.used()).isEqualTo(100);
    }

    @Test
    void whatDoesNotFitTakesNothing() {
        assertThat(budget.reserve(60)).isTrue();

        assertThat(budget.reserve(41)).isFalse();

        assertThat(budget.used()).isEqualTo(60);
    }

    @Test
    void whatIsReleasedCanBeReservedAgain() {
        assertThat(budget.reserve(100)).isTrue();
        budget.release(30);

        assertThat(budget.reserve(31)).isFalse();
        assertThat(budget.reserve(30)).isTrue();
    }

    @Test
    void aBudgetOfNothingIsAMistake() {
        assertThatIllegalArgumentException().isThrownBy(() -> new MemoryBudget("heads", 0));
    }
}
