package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.e2e.client.Closure;
import dev.wsroute.e2e.client.Fleet.Member;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;

/** What is asked of connections that end, and of those that do not. */
final class Closes {

    /** More than its share that a second may have: the bar says 1.3, and a machine under test stutters. */
    private static final double TOLERANCE = 1.3;

    private static final int STUTTER = 2;

    private Closes() {}

    /** Waits until every one has ended. */
    static List<Closure> await(Collection<Member> members, Duration within) {
        Awaitility.await("the end of " + members.size() + " connections")
                .atMost(within)
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

    /** Every one saw this code. */
    static void assertCode(List<Closure> closures, int code) {
        assertThat(closures)
                .isNotEmpty()
                .allSatisfy(closure -> assertThat(closure.code()).isEqualTo(code));
    }

    /** They are spread over the window: no second has more than its share, and the last is not early. */
    static void assertEven(List<Closure> closures, Duration window) {
        long second = Duration.ofSeconds(1).toNanos();
        double share = closures.size() * (double) second / window.toNanos();
        for (int i = 0; i < closures.size(); i++) {
            long start = closures.get(i).atNanos();
            long inThisSecond = closures.stream()
                    .filter(closure -> closure.atNanos() >= start && closure.atNanos() - start < second)
                    .count();
            assertThat(inThisSecond).as("Closes in a second").isLessThanOrEqualTo((long) (share * TOLERANCE) + STUTTER);
        }
        long spread =
                closures.get(closures.size() - 1).atNanos() - closures.get(0).atNanos();
        assertThat(Duration.ofNanos(spread))
                .isGreaterThan(window.multipliedBy(6).dividedBy(10));
    }
}
