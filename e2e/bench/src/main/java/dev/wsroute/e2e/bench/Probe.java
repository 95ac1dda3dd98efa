// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

/** A look into a proxy that slows it down, and so gets runs of its own, whose times do not count. */
interface Probe {

    boolean looksInto(RunningProxy proxy);

    /** One look, whose figures are only what it saw, by message. */
    Companion into(RunningProxy proxy);

    /** Messages of a run, or connections where these are what was measured. */
    static double count(Measurement measured) {
        return measured.get(Measurement.MESSAGES)
                .orElseGet(() -> measured.get(Measurement.CONNECTIONS).orElseThrow());
    }
}
