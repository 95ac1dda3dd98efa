// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.machine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoresTest {

    @ParameterizedTest
    @CsvSource({"'0-1', 0, 1", "'2,5-7', 2, 5", "'4-7', 4, 5", "'3', 3, 3"})
    void whatIsMeasuredAndAllElseGetTheFirstTwoProcessorsThatAreAllowed(String list, int measured, int rest) {
        String status = "Name:\tjava\nCpus_allowed:\tff\nCpus_allowed_list:\t" + list + "\n";

        assertThat(Cores.in(status)).isEqualTo(new Cores(measured, rest, list));
    }
}
