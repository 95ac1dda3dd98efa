// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class StraceSummaryTest {

    @Test
    void callsAreCountedWithAndWithoutErrorsAndTheTotalIsNoCall() {
        String printed = """
                % time     seconds  usecs/call     calls    errors syscall
                ------ ----------- ----------- --------- --------- ----------------
                 61.20    0.010401           3      3130           sendto
                 38.50    0.006543           2      3151        21 recvfrom
                  0.30    0.000051          51         1           epoll_wait
                ------ ----------- ----------- --------- --------- ----------------
                100.00    0.016995           2      6282        21 total
                """;

        assertThat(StraceSummary.calls(printed.lines().toList()))
                .containsOnly(Map.entry("sendto", 3130L), Map.entry("recvfrom", 3151L), Map.entry("epoll_wait", 1L));
    }
}
