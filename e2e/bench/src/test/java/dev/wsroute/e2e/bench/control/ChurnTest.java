// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.e2e.cluster.api.http.RequestCounts;
import dev.wsroute.e2e.cluster.api.http.RequestCounts.Request;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ChurnTest {

    private final RequestCounts requests = new RequestCounts();

    @Test
    void whatTheOperatorWritesBesidesCountsIsTooMuch() {
        count("wsroute-operator", "patch", "websocketroutes.wsroute.dev/status", 3);
        assertThat(churn().figures()).noneMatch(Figure::missed);

        count("wsroute-operator", "patch", "configmaps", 1);

        assertThat(churn().operatorWrites()).isEqualTo(1);
        assertThat(churn().figures()).filteredOn(Figure::missed).hasSize(1);
    }

    @Test
    void countsMayBeWrittenOnceInTenSecondsAndNotForEachChange() {
        count("wsroute-operator", "patch", "websocketroutes.wsroute.dev/status", 4);

        assertThat(churn().statusWrites()).isEqualTo(4);
        assertThat(churn().figures()).filteredOn(Figure::missed).hasSize(1);
    }

    @Test
    void aProxyMayReportItsConnectionsOnceAMinute() {
        count("wsroute-proxy", "patch", "configmaps", 1);
        assertThat(churn().figures()).noneMatch(Figure::missed);

        count("wsroute-proxy", "patch", "configmaps", 1);

        assertThat(churn().figures()).filteredOn(Figure::missed).hasSize(1);
    }

    @Test
    void readingAndWhatOthersWriteCostNothing() {
        count("wsroute-operator", "watch", "services", 50);
        count("wsroute-proxy", "list", "endpointslices.discovery.k8s.io", 50);
        count("kubelet", "patch", "pods/status", 50);

        assertThat(churn().figures()).allMatch(figure -> figure.value() == 0);
    }

    private void count(String program, String verb, String resource, int times) {
        for (int i = 0; i < times; i++) {
            requests.count(new Request(program, verb, resource));
        }
    }

    private Churn churn() {
        return new Churn("part", 100, Duration.ofSeconds(25), requests.snapshot());
    }
}
