package dev.wsroute.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The core that the proxies run on and the one of load and backends. Where there is only one, both are the same.
 *
 * @param proxy number of a processor, as {@code taskset} takes it
 * @param load likewise
 */
record Cores(int proxy, int load) {

    /** The first two that this process may run on. */
    static Cores available() throws IOException {
        return in(Files.readString(Path.of("/proc/self/status")));
    }

    /** The same, from the text of {@code /proc/PID/status} (proc(5)). */
    static Cores in(String status) {
        List<Integer> allowed = new ArrayList<>();
        status.lines()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .flatMap(list -> List.of(list.split(",")).stream())
                .forEach(range -> {
                    int dash = range.indexOf('-');
                    int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
                    int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
                    for (int core = first; core <= last; core++) {
                        allowed.add(core);
                    }
                });
        if (allowed.isEmpty()) {
            throw new IllegalStateException("the processors that this process may run on are unknown");
        }
        return new Cores(allowed.get(0), allowed.get(allowed.size() > 1 ? 1 : 0));
    }
}
