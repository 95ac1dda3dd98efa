// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CompilerThreadsTest {

    @Test
    void compilerTimeIsSeparatedFromTheRest() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/task")));

        await().untilAsserted(() -> {
            CompilerThreads own = CompilerThreads.of(ProcessHandle.current().pid());
            assertThat(own.compiler()).isPositive().isLessThan(own.all());
        });
    }

    @Test
    void theShareIsOfWhatWasUsedInBetween() {
        CompilerThreads before = new CompilerThreads(40, 100);

        assertThat(new CompilerThreads(45, 150).shareSince(before)).isEqualTo(0.1);
        assertThat(before.shareSince(before)).isZero();
        // One of the threads has ended.
        assertThat(new CompilerThreads(20, 150).shareSince(before)).isZero();
    }

    @Test
    void aProcessThatHasEndedHasUsedNothing() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();

        assertThat(CompilerThreads.of(process.pid())).isEqualTo(new CompilerThreads(0, 0));
    }
}
