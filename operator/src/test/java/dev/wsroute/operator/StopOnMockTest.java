// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A stopping operator leaves unfinished work to the next one. */
class StopOnMockTest {

    private final MockedReconciler mocked = new MockedReconciler();

    @AfterEach
    void stop() {
        mocked.close();
    }

    @Test
    void stoppingDuringAReconciliationIsNoFailureOfTheRoute() {
        mocked.apply("chat");
        mocked.apply("feed");

        mocked.stopDuringReconciliation(2);

        assertThat(mocked.log(Level.WARN)).isEmpty();
        assertThat(mocked.events()).isEmpty();
        assertThat(mocked.condition("chat", "Programmed")).isEmpty();
        assertThat(mocked.condition("feed", "Programmed")).isEmpty();
    }
}
