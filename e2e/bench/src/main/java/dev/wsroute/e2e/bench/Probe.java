// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

/** Inspects a proxy. That slows it down, so it takes separate runs whose times do not count. */
interface Probe {

    boolean looksInto(RunningProxy proxy);

    /** Starts one inspection. Its figures are per message, and contain nothing else. */
    Companion into(RunningProxy proxy);

    /** Number of messages in a run, or of connections if these were measured. */
    static double count(Measurement measured) {
        return measured.get(Measurement.MESSAGES)
                .orElseGet(() -> measured.get(Measurement.CONNECTIONS).orElseThrow());
    }
}
