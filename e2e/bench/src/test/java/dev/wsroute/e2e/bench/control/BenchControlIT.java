// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.e2e.dev.Repository;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A small benchmark: it measures, and the figures that do not depend on the machine are right. */
class BenchControlIT {

    private static final int ROUTES = 20;

    private final Repository repository = Repository.locate();

    @Test
    void endpointsThatComeAndGoCostNoWriteForEachChange() throws Exception {
        try (LiveCluster live = LiveCluster.start(repository)) {
            EndpointChanges.ChangesOutcome changes = new EndpointChanges(live).run(10);
            Percentiles edits = new RouteEdits(live).run(3);

            assertThat(changes.landed().count()).isEqualTo(10);
            assertThat(changes.churn().operatorWrites()).isZero();
            assertThat(changes.churn().figures()).noneMatch(Figure::missed);
            assertThat(changes.failedHandshakes()).isZero();
            assertThat(edits.count()).isEqualTo(3);
            assertThat(live.requests().sum(request -> request.program().equals(Churn.OPERATOR) && request.writes()))
                    .as("requests are told apart by program: that there are none is no accident")
                    .isPositive();
            assertThat(live.requests().sum(request -> request.program().equals(Churn.PROXY) && request.writes()))
                    .isPositive();
        }
    }

    @Test
    void anOperatorThatFindsAllInPlaceLooksAtEachRouteOnceAndWritesNothing() throws Exception {
        Progress progress = new Progress(new PrintWriter(new StringWriter()));
        try (ColdStart cold = new ColdStart(repository, new RouteStock(ROUTES, 3), progress)) {
            cold.prepare();
            ColdStart.ColdStartOutcome start = cold.measure(List.of());

            assertThat(start.writes()).as(start.note()).isZero();
            assertThat(start.failures()).isZero();
            assertThat(start.reconciliations()).isEqualTo(ROUTES);
        }
    }
}
