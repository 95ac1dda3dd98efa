// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Resource usage of a process so far, as counted by Linux. */
final class ProcessUse {

    private ProcessUse() {}

    /** User and system time of all its threads, in steps of 10 ms. */
    static Duration cpu(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Peak resident memory in MiB. */
    static double peakResidentMegabytes(ProcessHandle process) throws IOException {
        return kilobytes(Files.readString(Path.of("/proc/" + process.pid() + "/status")), "VmHWM") / 1024.0;
    }

    static long kilobytes(String status, String field) {
        return status.lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the system does not tell " + field));
    }

    /** Triggers a garbage collection in the process if the JDK has the program for it. */
    static void collectGarbage(ProcessHandle process) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        if (Files.isExecutable(jcmd)) {
            new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), "GC.run")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(60, TimeUnit.SECONDS);
        }
    }
}
