// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RatiosTest {

    @Test
    void theBestPeerIsTheCheapestOfTheOthersAndNeitherTheRelayNorTheBareGenerator() {
        Ratios ratios =
                Ratios.of(Map.of("ours", 12.0, "relay", 8.0, "direct", 1.0, "nginx", 10.0, "haproxy", 15.0), false);

        assertThat(ratios.toFloor()).hasValue(1.5);
        assertThat(ratios.toBestPeer()).hasValue(1.2);
    }

    @Test
    void whereMoreIsBetterTheBestPeerHasTheMost() {
        Ratios ratios = Ratios.of(Map.of("ours", 30.0, "relay", 60.0, "nginx", 20.0, "haproxy", 40.0), true);

        assertThat(ratios.toFloor()).hasValue(0.5);
        assertThat(ratios.toBestPeer()).hasValue(0.75);
    }

    @Test
    void withoutOursOrWithoutTheOtherThereIsNoRatio() {
        assertThat(Ratios.of(Map.of("relay", 1.0, "nginx", 1.0), false).toFloor())
                .isEmpty();
        assertThat(Ratios.of(Map.of("ours", 1.0, "relay", 1.0), false).toBestPeer())
                .isEmpty();
        assertThat(Ratios.of(Map.of("ours", 1.0, "relay", 0.0), false).toFloor())
                .isEmpty();
    }
}
