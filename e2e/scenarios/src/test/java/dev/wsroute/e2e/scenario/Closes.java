// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.e2e.client.Closure;
import dev.wsroute.e2e.client.Fleet.Member;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;

/** Assertions on connections that have ended, and on those that have not. */
final class Closes {

    /** Factor by which a second may exceed its share. */
    private static final double TOLERANCE = 1.3;

    /** Closes that a second may have in addition, since a busy machine is irregular. */
    private static final int STUTTER = 2;

    private Closes() {}

    /** Waits until all have ended. */
    static List<Closure> await(Collection<Member> members) {
        Awaitility.await("the end of " + members.size() + " connections")
                .until(() -> members.stream().noneMatch(Member::isOpen));
        return members.stream()
                .map(member -> Objects.requireNonNull(member.connection().closure()))
                .sorted((one, other) -> Long.compare(one.atNanos(), other.atNanos()))
                .toList();
    }

    /** None of them has ended. */
    static void assertNone(Collection<Member> members) {
        assertThat(members)
                .allSatisfy(member -> assertThat(member.connection().closure())
                        .as(member.backend())
                        .isNull());
    }

    /** All of them received this code. */
    static void assertCode(List<Closure> closures, int code) {
        assertThat(closures)
                .isNotEmpty()
                .allSatisfy(closure -> assertThat(closure.code()).isEqualTo(code));
    }

    /**
     * They are spread over the window: no second has more than its share, and the last one is neither early nor very late.
     *
     * @param closes from the proxies' logs, since a client under load reads late
     */
    static void assertEven(List<LoggedClose> closes, Duration window) {
        List<Instant> times = closes.stream().map(LoggedClose::begun).sorted().toList();
        double share = times.size() * (double) Duration.ofSeconds(1).toNanos() / window.toNanos();
        for (Instant start : times) {
            Instant end = start.plusSeconds(1);
            long inThisSecond = times.stream()
                    .filter(time -> !time.isBefore(start) && time.isBefore(end))
                    .count();
            assertThat(inThisSecond).as("Closes in a second").isLessThanOrEqualTo((long) (share * TOLERANCE) + STUTTER);
        }
        assertThat(Duration.between(times.get(0), times.get(times.size() - 1)))
                .isBetween(window.multipliedBy(6).dividedBy(10), window.multipliedBy(3));
    }
}
