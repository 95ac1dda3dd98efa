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
 * What every client saw while a step of the demonstration went on.
 *
 * @param step what was done
 * @param clients how many were connected when it began
 * @param stayed how many of them noticed nothing
 * @param asked how many that the step concerns were asked to leave, with the code that says so
 * @param code that code; 0 for a step that concerns nobody
 * @param window from the first Close to the last
 * @param busiestSecond how many Closes came in the busiest second
 * @param closes when these Closes came, in ascending order from the start of the step
 * @param cut by close code, connections that the step does not concern or that saw another code
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
     * Judges a step that is over.
     *
     * @param members who was there when it began
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
