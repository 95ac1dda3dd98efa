// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestProxy.Pair;
import java.io.IOException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** How a change of its file affects a whole proxy and its open connections. */
class ProxyReconfigurationTest extends ProxyProcessFixture {

    private static final String OTHER_ROUTE =
            "  - {name: other, hostnames: [other.example.com], rules: [{name: all, backends: []}]}\n";

    @Test
    void changesThatDoNotConcernAConnectionDoNotTouchIt() throws Exception {
        start(document("", one));
        try (Pair tunnel = open(one)) {
            replace(document("", one, two) + OTHER_ROUTE);
            awaitApplied(2);
            replace(document("", one));
            awaitApplied(3);

            tunnel.backend().send(Frame.text("still here", false));
            assertThat(tunnel.client().readFrame().text()).isEqualTo("still here");
        }
    }

    @Test
    void newLimitsAndTrustApplyAndCloseNoConnection() throws Exception {
        start(document("", one));
        try (Pair tunnel = open(one)) {
            replace(document("limits: {connectionsPerClient: 1}\nclientAddress: {trustedProxies: [127.0.0.1]}\n", one));
            awaitApplied(2);
            try (RawPeer told = RawPeer.connect(listening());
                    RawPeer again = RawPeer.connect(listening())) {
                told.send(TestProxy.handshake("X-Forwarded-For: 192.0.2.1"));
                try (RawPeer behind = one.accept()) {
                    assertThat(behind.readHead()).contains("X-Forwarded-For: 192.0.2.1, 127.0.0.1\r\n");
                    again.send(TestProxy.handshake("X-Forwarded-For: 192.0.2.1"));
                    assertThat(again.readHead()).startsWith("HTTP/1.1 429 ");
                }
            }
            tunnel.backend().send(Frame.text("still here", false));
            assertThat(tunnel.client().readFrame().text()).isEqualTo("still here");
        }
        assertThat(admin("/metrics").body())
                .contains("wsroute_refusals_total{reason=\"client_connections\",route=\"r\",status=\"429\"} 1.0");
    }

    @Test
    void theConnectionsOfAnEndpointRemovedFromTheFileAreClosedWith1012() throws Exception {
        start(document("", one));
        try (Pair leaving = open(one)) {
            replace(document("", two));

            assertThat(leaving.client().readFrame().closeCode()).isEqualTo(1012);
            assertThat(leaving.backend().readFrame().closeCode()).isEqualTo(1012);
            try (Pair fresh = open(two)) {
                fresh.backend().send(Frame.text("welcome", false));
                assertThat(fresh.client().readFrame().text()).isEqualTo("welcome");
            }
        }
    }

    @Test
    void aTunnelThatOpensAfterItsEndpointWasRemovedIsClosedAtOnce() throws Exception {
        start(document("", one));
        try (RawPeer client = RawPeer.connect(listening());
                RawPeer leaving = answered(client)) {
            replace(document("", two));
            awaitApplied(2);

            leaving.send(TestProxy.switching());

            assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
            assertThat(client.readFrame().closeCode()).isEqualTo(1012);
            assertThat(leaving.readFrame().closeCode()).isEqualTo(1012);
        }
    }

    @Test
    void theConnectionsOfARouteRemovedFromTheFileAreClosedWith1001() throws Exception {
        start(document("", one) + OTHER_ROUTE);
        try (Pair leaving = open(one)) {
            replace("listeners: [{name: ws, address: 127.0.0.1, port: 0}]\ndrain: {over: 0s}\nroutes:\n" + OTHER_ROUTE);

            assertThat(leaving.client().readFrame().closeCode()).isEqualTo(1001);
        }
    }

    @Test
    void anInvalidFileChangesNothingAndIsReported() throws Exception {
        start(document("", one));
        try (Pair tunnel = open(one)) {
            replace(document("", two).replace("weight: 1", "weight: -1"));
            Awaitility.await()
                    .until(() ->
                            admin("/metrics").body().contains("wsroute_config_refused_total{cause=\"invalid\"} 1.0"));

            assertThat(admin("/config").body())
                    .contains("\"cause\" : \"invalid\"")
                    .contains("routes[0].rules[0].backends[0].weight must be between 0 and 1000000, got -1");
            tunnel.client().send(Frame.text("still here", true));
            assertThat(tunnel.backend().readFrame().text()).isEqualTo("still here");
            try (Pair fresh = open(one)) {
                fresh.client().send(Frame.text("as before", true));
                assertThat(fresh.backend().readFrame().text()).isEqualTo("as before");
            }
        }
    }

    private RawPeer answered(RawPeer client) throws IOException {
        client.send(TestProxy.handshake());
        RawPeer behind = one.accept();
        behind.readHead();
        return behind;
    }
}
