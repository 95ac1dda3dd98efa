// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import dev.wsroute.proxy.metrics.BackendName;
import dev.wsroute.proxy.metrics.EndpointCounts;

/** Metrics of the endpoints' states. */
public record EndpointGauges(Balancing balancing) implements EndpointCounts {

    @Override
    public int count(BackendName backend, EndpointPhase state) {
        EndpointTally tally = balancing.tally(backend.route(), backend.backend());
        return switch (state) {
            case READY -> tally.ready();
            case NOT_READY -> tally.notReady();
            case TERMINATING -> tally.terminating();
            case EJECTED -> tally.ejected();
        };
    }
}
