// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class CpuLimitTest {

    @Test
    void aProcessIsInTheGroupUntilItIsRemoved() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        Path groups = Path.of("/proc/" + process.pid() + "/cgroup");
        String name = "wsroute-bench-" + ProcessHandle.current().pid();
        try (CpuLimit limit = create()) {
            limit.add(process.pid());
            assertThat(Files.readString(groups)).contains(name);

            limit.remove(process.pid());
            assertThat(Files.readString(groups)).doesNotContain(name);
        } finally {
            process.destroy();
        }
    }

    private static CpuLimit create() {
        try {
            return CpuLimit.of(0.5);
        } catch (IOException e) {
            throw new TestAbortedException("this user must not make control groups: " + e, e);
        }
    }
}
