// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The machine of a benchmark, as reported by the system.
 *
 * @param memory in KiB; 0 if unknown
 * @param kernel name and release
 */
public record Machine(String processor, int processors, long memory, String kernel) {

    private static final double KIBIBYTES_A_GIBIBYTE = 1024.0 * 1024;

    /** This machine, with the processors that this process may use. */
    public static Machine describe() {
        String memory = field("/proc/meminfo", "MemTotal").replaceAll("\\D", "");
        return new Machine(
                field("/proc/cpuinfo", "model name"),
                Runtime.getRuntime().availableProcessors(),
                memory.isEmpty() ? 0 : Long.parseLong(memory),
                System.getProperty("os.name") + " " + System.getProperty("os.version"));
    }

    /** Everything on one line. */
    public String sentence() {
        return String.format(
                Locale.ROOT,
                "%s, %d processors, %.0f GiB, %s",
                processor,
                processors,
                memory / KIBIBYTES_A_GIBIBYTE,
                kernel);
    }

    private static String field(String file, String name) {
        try {
            return Files.readAllLines(Path.of(file)).stream()
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
