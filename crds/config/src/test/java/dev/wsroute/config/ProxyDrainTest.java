// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProxyDrainTest {

    private static final ProxyDrain DRAIN = drain(15, 600, 5);

    @Test
    void whatFitsStaysAsItIs() {
        assertThat(DRAIN.within(Duration.ofSeconds(620))).isEqualTo(DRAIN);
    }

    @Test
    void theWindowIsShortenedFirstThenTheDelayThenTheRest() {
        assertThat(DRAIN.within(Duration.ofSeconds(80))).isEqualTo(drain(15, 60, 5));
        assertThat(DRAIN.within(Duration.ofSeconds(12))).isEqualTo(drain(7, 0, 5));
        assertThat(DRAIN.within(Duration.ofSeconds(3))).isEqualTo(drain(0, 0, 3));
    }

    private static ProxyDrain drain(int delay, int over, int closeTimeout) {
        return new ProxyDrain(Duration.ofSeconds(delay), Duration.ofSeconds(over), Duration.ofSeconds(closeTimeout));
    }
}
