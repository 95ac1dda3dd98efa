// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.types;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantityTextTest {

    @ParameterizedTest
    @CsvSource({
        "1000m, 1",
        "1, 1",
        "0.5, 500m",
        "100m, 100m",
        "1500m, 1500m",
        "1000, 1k",
        "1024Mi, 1Gi",
        "1.5Gi, 1536Mi",
        "64Mi, 64Mi",
        "0, 0",
        "0Mi, 0",
        "2000M, 2G",
        "512Ki, 512Ki",
        "many, many",
    })
    void aQuantityIsStoredInOneForm(String given, String stored) {
        assertThat(QuantityText.canonical(given)).isEqualTo(stored);
    }
}
