// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The core for the measured process and the core for everything else, such as load and backends. They are the same if there
 * is only one.
 *
 * @param measured number of a processor, as for {@code taskset}
 * @param rest likewise
 * @param allowed all processors that this process may run on initially, as a list for {@code taskset}
 */
public record Cores(int measured, int rest, String allowed) {

    private static final int ATTEMPTS = 10;
    private static final String FIELD = "Cpus_allowed_list:";

    /** The first two that this process may run on. Call before restricting it to one. */
    public static Cores available() throws IOException {
        return in(Files.readString(Path.of("/proc/self/status")));
    }

    /** The same, from the text of {@code /proc/PID/status} (proc(5)). */
    static Cores in(String status) {
        String allowed = status.lines()
                .filter(line -> line.startsWith(FIELD))
                .map(line -> line.substring(FIELD.length()).strip())
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException("the processors that this process may run on are unknown"));
        List<Integer> numbers = new ArrayList<>();
        for (String range : List.of(allowed.split(","))) {
            int dash = range.indexOf('-');
            int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
            int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
            for (int core = first; core <= last; core++) {
                numbers.add(core);
            }
        }
        return new Cores(numbers.get(0), numbers.get(numbers.size() > 1 ? 1 : 0), allowed);
    }

    /** Whether processes can be separated: there are two cores and {@code taskset}. */
    public boolean canPin() {
        return measured != rest && Programs.find("taskset").isPresent();
    }

    /** The command, run on the measured core if possible. */
    public List<String> measured(List<String> command) {
        List<String> line = new ArrayList<>();
        if (canPin()) {
            line.addAll(List.of("taskset", "-c", Integer.toString(measured)));
        }
        line.addAll(command);
        return line;
    }

    /** Keeps all threads of this process off the measured core if possible. */
    public void leaveMeasuredCore() throws IOException, InterruptedException {
        pinThisProcess(Integer.toString(rest));
    }

    /** Allows this process to run on all cores again. */
    public void useAll() throws IOException, InterruptedException {
        pinThisProcess(allowed);
    }

    private void pinThisProcess(String cores) throws IOException, InterruptedException {
        if (!canPin()) {
            return;
        }
        for (int attempt = 1; !taskset(cores); attempt++) {
            // Fails if a thread ends meanwhile.
            if (attempt == ATTEMPTS) {
                throw new IOException("taskset cannot move this process to core " + cores);
            }
        }
    }

    private static boolean taskset(String cores) throws IOException, InterruptedException {
        return new ProcessBuilder(
                                "taskset",
                                "-acp",
                                cores,
                                Long.toString(ProcessHandle.current().pid()))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }
}
