// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.testkit.AuthorizationService;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestTls;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests whose service has not answered yet. */
class UndecidedRequestsTest extends ExternalFixture {

    @Test
    void framesThatAClientSendsEarlyWaitForTheDecision() throws Exception {
        AuthorizationService service = holding("200 OK");
        TestProxy proxy = proxy(service);
        RawPeer client = open(proxy.connect()).send(TestProxy.handshake());
        client.send(Frame.text("early", true));
        await().untilAsserted(() -> assertThat(service.asked()).hasSize(1));
        release();

        RawPeer behind = open(backend.accept());
        behind.readHead();
        behind.send(TestProxy.switching());

        assertThat(behind.readFrame().text()).isEqualTo("early");
    }

    @Test
    void whoLeavesBeforeTheDecisionLeavesNothing() throws Exception {
        AuthorizationService service = holding("200 OK");
        TestProxy proxy = proxy(service);
        RawPeer client = open(proxy.connect()).send(TestProxy.handshake());
        await().untilAsserted(() -> assertThat(service.asked()).hasSize(1));

        client.close();
        await().untilAsserted(
                        () -> assertThat(proxy.server().clientConnections()).isZero());
        release();

        // The connection to the service can be used again.
        assertThat(passed(proxy).response()).startsWith("HTTP/1.1 101 ");
        assertThat(service.connections()).isOne();
        assertThat(backend.poll()).isNull();
    }

    @Test
    void aCrowdOfEqualClientsCostsOneSubrequest() throws Exception {
        AuthorizationService service = holding("403 Forbidden");
        TestProxy proxy = proxy(service);
        // All of them must have come before the check ends.
        int crowd = TestTls.isOn() ? 100 : 2000;
        List<RawPeer> clients = new ArrayList<>();
        for (int i = 0; i < crowd; i++) {
            clients.add(
                    open(proxy.connect()).send(TestProxy.handshake("Cookie: session=shared", "X-Request-Id: " + i)));
        }
        await().untilAsserted(() ->
                assertThat(proxy.server().admission().handshaking()).isEqualTo(crowd));

        release();

        for (RawPeer client : clients) {
            assertThat(client.readHead()).startsWith("HTTP/1.1 403 ");
        }
        assertThat(service.asked()).hasSize(1);
        assertThat(metrics.events())
                .filteredOn("authorization refused shared"::equals)
                .hasSize(crowd - 1);
    }
}
