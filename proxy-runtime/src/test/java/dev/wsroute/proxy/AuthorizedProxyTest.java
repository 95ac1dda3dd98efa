// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.testkit.AuthorizationService;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.testkit.Secrets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A whole proxy whose requests a service decides about, through edits of its configuration. */
class AuthorizedProxyTest extends ProxyProcessFixture {

    private final List<AuthorizationService> services = new ArrayList<>();

    @AfterEach
    void closeServices() throws IOException {
        for (AuthorizationService service : services) {
            service.close();
        }
    }

    private AuthorizationService service(String status) throws IOException {
        AuthorizationService service = AuthorizationService.answering(AuthorizationService.response(status));
        services.add(service);
        return service;
    }

    private String document(String access, String further) {
        return """
                listeners: [{name: ws, address: 127.0.0.1, port: 0}]
                drain: {delay: 0s, over: 0s}
                %s
                routes:
                  - name: r
                    rules:
                      - name: all
                        backends: [{name: one, endpoints: [{address: 127.0.0.1, port: %d}]}]
                %s
                """.formatted(further, one.address().getPort(), access);
    }

    private static String external(AuthorizationService... asked) {
        StringBuilder endpoints = new StringBuilder();
        for (AuthorizationService service : asked) {
            endpoints
                    .append("{address: 127.0.0.1, port: ")
                    .append(service.address().getPort())
                    .append("}, ");
        }
        return "        access: {external: {service: {name: auth, endpoints: [" + endpoints + "]}, path: /verify}}";
    }

    private String refusal() throws IOException {
        try (RawPeer client = RawPeer.connect(listening())
                .send(TestProxy.handshake("Cookie: session=" + Secrets.of("cookie of a session")))) {
            return client.readHead();
        }
    }

    @Test
    void theServiceIsFoundAndAskedAndItsEndpointsAreShown() throws Exception {
        AuthorizationService yes = service("200 OK");
        start(document(external(yes), ""));

        open(one).close();

        assertThat(yes.asked()).hasSize(1);
        assertThat(admin("/config").body())
                .containsPattern("\"authorization\" ?: ?\\{\\s*\"name\" ?: ?\"auth\"")
                .contains("127.0.0.1:" + yes.address().getPort())
                .doesNotContain("secret");
        assertThat(admin("/metrics").body())
                .contains(
                        "wsroute_authorization_checks_total{failure=\"\",outcome=\"allowed\",route=\"r\",source=\"service\"}");
    }

    @Test
    void anotherServiceIsAskedAsSoonAsTheConfigurationSaysSo() throws Exception {
        AuthorizationService yes = service("200 OK");
        AuthorizationService no = service("403 Forbidden");
        start(document(external(yes), ""));
        open(one).close();

        replace(document(external(no), ""));
        awaitApplied(2);
        assertThat(refusal()).startsWith("HTTP/1.1 403 ");

        replace(document("", ""));
        awaitApplied(3);
        open(one).close();
        assertThat(yes.asked()).hasSize(1);
        assertThat(no.asked()).hasSize(1);
    }

    @Test
    void anUnrelatedEditKeepsTheConnectionsToTheService() throws Exception {
        AuthorizationService no = service("403 Forbidden");
        start(document(external(no), ""));
        int loops = 0;
        for (var loop : running().loops()) {
            loops++;
        }
        for (int i = 0; i < 4 * loops; i++) {
            refusal();
        }
        int connections = no.connections();

        replace(document(external(no), "accessLog: {enabled: false}"));
        awaitApplied(2);
        for (int i = 0; i < 4 * loops; i++) {
            assertThat(refusal()).startsWith("HTTP/1.1 403 ");
        }

        assertThat(connections).isLessThanOrEqualTo(loops);
        assertThat(no.connections()).isLessThanOrEqualTo(loops);
    }

    @Test
    void anEndpointThatFailsIsReplacedByAnother() throws Exception {
        AuthorizationService gone = service("200 OK");
        gone.close();
        AuthorizationService no = service("403 Forbidden");
        start(document(external(gone, no), ""));

        for (int i = 0; i < 10; i++) {
            assertThat(refusal()).startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    void withoutEndpointsNobodyPasses() throws Exception {
        start(document(external(), ""));

        assertThat(refusal()).startsWith("HTTP/1.1 503 ");
        assertThat(admin("/metrics").body()).contains("failure=\"no_endpoint\"");
    }

    @Test
    void idleConnectionsToTheServiceDoNotHoldUpTheEnd() throws Exception {
        AuthorizationService no = service("403 Forbidden");
        start(document(external(no), ""));
        refusal();
        assertThat(no.openConnections()).isOne();

        running().drainAndClose();

        Awaitility.await().untilAsserted(() -> assertThat(no.openConnections()).isZero());
    }
}
