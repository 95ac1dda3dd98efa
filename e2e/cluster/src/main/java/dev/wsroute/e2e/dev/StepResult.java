// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.dev;

import dev.wsroute.e2e.client.Closure;
import dev.wsroute.e2e.client.Fleet.Member;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the clients observed during a step of the demonstration.
 *
 * @param step what was done
 * @param clients number of clients that were connected at its start
 * @param stayed number of them that noticed nothing
 * @param asked number of concerned clients that received the expected close code
 * @param code the expected close code; 0 for a step that should close no connection
 * @param window from the first Close to the last
 * @param busiestSecond number of Closes in the busiest second
 * @param closes times of these Closes since the start of the step, ascending
 * @param cut connections by close code that the step does not concern, or that received another code
 */
record StepResult(
        String step,
        int clients,
        int stayed,
        int asked,
        int code,
        Duration window,
        long busiestSecond,
        List<Duration> closes,
        Map<Integer, Long> cut) {

    private static final String ROW = "%-28s %8s %7s %12s   %-36s %s";

    /**
     * Evaluates a step after its end.
     *
     * @param members the clients at its start
     * @param startNanos when it began, by {@link System#nanoTime()}
     */
    static StepResult of(DemoStep step, List<Member> members, long startNanos) {
        Set<Member> concerned = members.stream().filter(step.concerned()).collect(Collectors.toSet());
        List<Closure> asked = concerned.stream()
                .flatMap(StepResult::closure)
                .filter(closure -> closure.code() == step.code())
                .toList();
        Map<Integer, Long> cut = members.stream()
                .flatMap(member ->
                        closure(member).filter(closure -> closure.code() != step.code() || !concerned.contains(member)))
                .collect(Collectors.groupingBy(Closure::code, TreeMap::new, Collectors.counting()));
        int stayed = (int) members.stream().filter(Member::isOpen).count();
        return new StepResult(
                step.name(),
                members.size(),
                stayed,
                asked.size(),
                step.code(),
                window(asked),
                busiestSecond(asked),
                asked.stream()
                        .map(closure -> Duration.ofNanos(closure.atNanos() - startNanos))
                        .sorted()
                        .toList(),
                cut);
    }

    /** A line of the table. */
    String row() {
        String codes = asked == 0 ? "-" : asked + " x " + code;
        String pace = asked == 0
                ? "-"
                : String.format(
                        Locale.ROOT, "over %.1f s, at most %d in a second", window.toMillis() / 1000.0, busiestSecond);
        return ROW.formatted(step, clients, stayed, codes, pace, cut.isEmpty() ? "none" : cut.toString());
    }

    /** The first line of the table. */
    static String header() {
        return ROW.formatted("step", "clients", "stayed", "asked to go", "how", "cut");
    }

    boolean passed() {
        return cut.isEmpty() && (asked > 0 || code == 0);
    }

    private static Stream<Closure> closure(Member member) {
        return Stream.ofNullable(member.connection().closure());
    }

    private static Duration window(List<Closure> closures) {
        var times = closures.stream().mapToLong(Closure::atNanos).summaryStatistics();
        return times.getCount() == 0 ? Duration.ZERO : Duration.ofNanos(times.getMax() - times.getMin());
    }

    private static long busiestSecond(List<Closure> closures) {
        long second = Duration.ofSeconds(1).toNanos();
        return closures.stream()
                .mapToLong(first -> closures.stream()
                        .mapToLong(other -> other.atNanos() - first.atNanos())
                        .filter(later -> later >= 0 && later < second)
                        .count())
                .max()
                .orElse(0);
    }
}
