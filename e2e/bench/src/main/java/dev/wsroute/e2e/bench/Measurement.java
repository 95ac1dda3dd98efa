// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * The figures of one run, or medians of several.
 *
 * @param figures by the names that the load generator prints, such as {@code cpuMicrosPerMessage}
 */
record Measurement(Map<String, Double> figures) {

    static final String CPU = "cpuMicrosPerMessage";
    static final String RATE = "perSecond";
    static final String P50 = "p50Micros";
    static final String P99 = "p99Micros";
    static final String P999 = "p999Micros";
    static final String OWN_CPU = "ownCpu";

    /** Proportional set size of a proxy that has just started, in kB. */
    static final String MEMORY_AT_START = "startKilobytes";

    /** Growth of it per idle connection, in kB. */
    static final String MEMORY_PER_CONNECTION = "kilobytesPerConnection";

    /** Time from the start of a proxy until a client can connect, in ms. */
    static final String START = "startMillis";

    /** Proportional set size after each certificate has been presented, and after one has been renewed, in kB. */
    static final String MEMORY_IN_USE = "inUseKilobytes";

    static final String MEMORY_RENEWED = "renewedKilobytes";

    /** Time until a renewed certificate is presented, in ms. */
    static final String RENEWAL = "renewalMillis";

    static final String MESSAGES = "messages";
    static final String CONNECTIONS = "connections";
    static final String SECONDS = "seconds";

    /** Context switches per message of all threads of a proxy, voluntary and involuntary. */
    static final String CONTEXT_SWITCHES = "contextSwitches";

    /** TCP segments per message sent by the whole machine: by the proxy, both its peers, and any other busy program. */
    static final String SEGMENTS = "segments";

    /** System calls per message of all threads of a proxy. */
    static final String SYSTEM_CALLS = "systemCalls";

    /** Followed by the name of a system call, such as {@code systemCall.read}. */
    static final String SYSTEM_CALL = "systemCall.";

    /** Bytes of Java heap per message, allocated by the threads that carry messages. */
    static final String ALLOCATED = "allocatedBytes";

    /** The same for all threads. */
    static final String ALLOCATED_BY_ALL = "allocatedBytesByAllThreads";

    /** Followed by a class and the method that allocated it: its part of {@link #ALLOCATED}, estimated from samples. */
    static final String ALLOCATION_SITE = "allocation.";

    /** CPU time of a proxy's processes, in ms per second. */
    static final String CPU_LOAD = "cpuMillisPerSecond";

    /** Connections that a proxy ended too early. */
    static final String CUTS = "cuts";

    static final String CUTS_RATE = "cutsPerSecond";

    /** Messages lost with these connections, and those due while there was none. */
    static final String LOST = "lostMessages";

    static final String LOST_SHARE = "lostPercent";

    /** Endpoint changes that were sent to a proxy, and those that it applied, per second. */
    static final String CHANGES_MADE = "changesMadePerSecond";

    static final String CHANGES_TAKEN = "changesTakenPerSecond";

    /** Handshakes per second that a proxy does if clients wait for it. */
    static final String CAPACITY = "capacityPerSecond";

    /** In a storm, per second: handshakes that began, and how they ended. */
    static final String OFFERED = "offeredPerSecond";

    static final String SERVED = "servedPerSecond";
    static final String REFUSED = "refusedPerSecond";
    static final String RESET = "resetPerSecond";
    static final String UNANSWERED = "unansweredPerSecond";

    /** Time from when a handshake was due until its 101, or until its refusal by an answer or a reset, in ms. */
    static final String SERVED_P50 = "servedP50Millis";

    static final String SERVED_P99 = "servedP99Millis";
    static final String REFUSED_P50 = "refusedP50Millis";
    static final String REFUSED_P99 = "refusedP99Millis";

    /** {@link #P99} without the storm, and how many times as long it is in the storm. */
    static final String CALM_P99 = "calmP99Micros";

    static final String P99_RATIO = "p99Ratio";

    /** The same figure of connections that do not pass the proxy: the load generator's own part. */
    static final String DIRECT_P99 = "directP99Micros";

    Measurement {
        figures = Map.copyOf(figures);
    }

    /** Empty if it was not measured, such as CPU without a proxy. */
    OptionalDouble get(String figure) {
        Double value = figures.get(figure);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** These figures and more. */
    Measurement with(Map<String, Double> further) {
        Map<String, Double> all = new TreeMap<>(figures);
        all.putAll(further);
        return new Measurement(all);
    }

    /** The median of each figure over the runs that have it. */
    static Measurement medianOf(List<Measurement> runs) {
        Map<String, Double> medians = new TreeMap<>();
        for (Measurement run : runs) {
            for (String figure : run.figures.keySet()) {
                medians.computeIfAbsent(
                        figure,
                        name -> median(runs.stream()
                                .flatMapToDouble(each -> each.get(name).stream())
                                .toArray()));
            }
        }
        return new Measurement(medians);
    }

    /** The middle value, or the mean of the middle two. */
    static double median(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("nothing was measured");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
