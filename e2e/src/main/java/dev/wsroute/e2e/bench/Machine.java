package dev.wsroute.e2e.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Where a benchmark ran. */
final class Machine {

    private static final double KILOBYTES_A_GIBIBYTE = 1024.0 * 1024;

    private Machine() {}

    /** Processor, processors, memory and kernel in one line. */
    static String describe() throws IOException {
        String processor = field(Path.of("/proc/cpuinfo"), "model name");
        double memory =
                Double.parseDouble(field(Path.of("/proc/meminfo"), "MemTotal").replaceAll("\\D", ""));
        return String.format(
                Locale.ROOT,
                "%s, %d processors, %.0f GiB, Linux %s",
                processor,
                Runtime.getRuntime().availableProcessors(),
                memory / KILOBYTES_A_GIBIBYTE,
                System.getProperty("os.version"));
    }

    /** The first line that a version command prints. */
    static String version(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        return said.lines().findFirst().orElse("of an unknown version");
    }

    private static String field(Path file, String name) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .findFirst()
                .orElse("0");
    }
}
