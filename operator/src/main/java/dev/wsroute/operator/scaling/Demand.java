// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.scaling;

import dev.wsroute.operator.scaling.ScalingDecision.State;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Objects;

/**
 * How many proxies the load of a route needs: by its connections and, if the route has a target for it, by the CPU that its proxies
 * use. The larger number counts. Both go by the sum over all proxies, since new proxies take no load from old ones: WebSockets stay
 * where they are.
 */
final class Demand {

    /** A tenth. */
    private static final int SPARE = 10;

    private final ScalingFacts facts;
    private final long connections;

    Demand(ScalingFacts facts) {
        this.facts = facts;
        long most = facts.rules().connectionsPerProxy();
        this.connections = facts.proxies().stream()
                // A client that is refused tries again and again: at most as many as one more proxy would take.
                .mapToLong(proxy -> proxy.connections() + Math.min(proxy.waiting(), most))
                .sum();
    }

    /** The proxies that are needed now. */
    int needed() {
        return Math.max(byConnections(connections), byCpu());
    }

    /** The proxies that would be enough with a tenth more load. */
    int neededWithSpare() {
        return Math.max(byConnections(withSpare(connections)), byCpuWithSpare());
    }

    /** Whether connections or CPU need more. */
    State state() {
        return byCpu() > byConnections(connections) ? State.CpuMeasured : State.ConnectionsMeasured;
    }

    /** The load that {@code proxies} are for, in a sentence. */
    String sentence(int proxies) {
        return proxies
                + (proxies == 1 ? " proxy for " : " proxies for ")
                + (state() == State.CpuMeasured
                        ? cores() + " CPU."
                        : connections + (connections == 1 ? " connection." : " connections."));
    }

    private String cores() {
        return BigDecimal.valueOf(cpu(0), 3)
                .setScale(2, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }

    private int byConnections(long load) {
        return proxies(load, facts.rules().connectionsPerProxy());
    }

    /**
     * As a HorizontalPodAutoscaler, a proxy that has not said how much it uses counts as idle here and as busy below, and a
     * tenth above the target does not matter. The handshakes of clients that a proxy has closed must not start another one.
     */
    private int byCpu() {
        Long per = facts.cpuPerProxy();
        if (per == null) {
            return 0;
        }
        long used = cpu(0);
        int wanted = proxies(used, per);
        boolean more = !facts.reconnecting() && used * SPARE > per * facts.current() * (SPARE + 1);
        return more ? wanted : Math.min(wanted, facts.current());
    }

    private int byCpuWithSpare() {
        Long per = facts.cpuPerProxy();
        return per == null ? 0 : proxies(withSpare(cpu(per)), per);
    }

    private long cpu(long ofUnknown) {
        return facts.proxies().stream()
                .mapToLong(proxy -> Objects.requireNonNullElse(proxy.cpu(), ofUnknown))
                .sum();
    }

    private static long withSpare(long load) {
        return load + (load + SPARE - 1) / SPARE;
    }

    private static int proxies(long load, long per) {
        return (int) Math.min(Integer.MAX_VALUE, (load + per - 1) / per);
    }
}
