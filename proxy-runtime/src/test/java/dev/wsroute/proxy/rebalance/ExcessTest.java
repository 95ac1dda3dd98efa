// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.rebalance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.balance.Place;
import dev.wsroute.proxy.discovery.SourceKey;
import dev.wsroute.proxy.testkit.TestEndpoints;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two or three endpoints, a threshold of 25 percent. */
class ExcessTest {

    private static final Place A = place("a");
    private static final Place B = place("b");
    private static final Place C = place("c");

    @ParameterizedTest
    @CsvSource({
        // a, b, part of a, whether a sheds already, surplus of a
        "100, 100, 0.5, false, 0",
        "125, 75, 0.5, false, 0",
        // Down to a quarter of the threshold: 106.25.
        "126, 74, 0.5, false, 20",
        "200, 0, 0.5, false, 94",
        "110, 90, 0.5, true, 4",
        "106, 94, 0.5, true, 0",
        // By weight.
        "150, 50, 0.75, false, 0",
        "188, 12, 0.75, false, 29",
        // Too few to tell.
        "2, 0, 0.5, false, 0",
        "6, 0, 0.5, false, 0",
        "7, 0, 0.5, false, 4",
        "0, 0, 0.5, false, 0",
    })
    void anEndpointBeyondTheThresholdShedsDownToAQuarterOfIt(
            int a, int b, double partOfA, boolean shedding, int surplus) {
        Excess excess =
                Excess.of(Map.of(A, a, B, b), Map.of(A, partOfA, B, 1 - partOfA), 25, shedding ? Set.of(A) : Set.of());

        assertThat(excess.surplus().getOrDefault(A, 0)).isEqualTo(surplus);
        assertThat(excess.surplus().getOrDefault(B, 0)).isZero();
    }

    @Test
    void connectionsOfEndpointsThatAreGoneDoNotCount() {
        Excess excess = Excess.of(Map.of(A, 10, B, 10, C, 500), Map.of(A, 0.5, B, 0.5), 25, Set.of());

        assertThat(excess.isEmpty()).isTrue();
    }

    @Test
    void theRateIsDividedInProportionAndRoundingLosesNothing() {
        Excess excess =
                Excess.of(Map.of(A, 300, B, 240, C, 0), Map.of(A, 1 / 3.0, B, 1 / 3.0, C, 1 / 3.0), 25, Set.of());
        assertThat(excess.surplus()).isEqualTo(Map.of(A, 109, B, 49));

        assertThat(excess.within(10)).isEqualTo(Map.of(A, 7, B, 3));
        assertThat(excess.within(1)).isEqualTo(Map.of(A, 1, B, 0));
        assertThat(excess.within(0)).isEqualTo(Map.of(A, 0, B, 0));
        assertThat(excess.within(1000)).isEqualTo(excess.surplus());
    }

    private static Place place(String id) {
        return new Place(new SourceKey.Listed("r", "all", "b0"), TestEndpoints.key(id));
    }
}
