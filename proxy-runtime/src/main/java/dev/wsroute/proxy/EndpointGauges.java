package dev.wsroute.proxy;

import dev.wsroute.proxy.balance.Balancing;
import dev.wsroute.proxy.balance.EndpointTally;
import dev.wsroute.proxy.metrics.BackendName;
import dev.wsroute.proxy.metrics.EndpointCounts;

/** Shows in metrics what balancing knows. */
record EndpointGauges(Balancing balancing) implements EndpointCounts {

    @Override
    public int count(BackendName backend, State state) {
        EndpointTally tally = balancing.tally(backend.route(), backend.backend());
        return switch (state) {
            case READY -> tally.ready();
            case NOT_READY -> tally.notReady();
            case TERMINATING -> tally.terminating();
            case EJECTED -> tally.ejected();
        };
    }
}
