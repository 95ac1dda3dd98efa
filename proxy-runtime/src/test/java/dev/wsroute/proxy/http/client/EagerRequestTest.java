// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.memory.MemoryBudget;
import dev.wsroute.proxy.memory.MemoryPlan;
import dev.wsroute.proxy.testkit.EagerTlsClient;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import org.junit.jupiter.api.Test;

/** A client that sends its first request together with the end of its TLS handshake. */
class EagerRequestTest extends TlsListenerFixture {

    @Test
    void itIsServed() throws Exception {
        try (TestProxy proxy = options().start();
                RawPeer client = eager(proxy);
                RawPeer behind = backend.accept()) {
            assertThat(behind.readHead()).startsWith("GET /chat");
            behind.send(TestProxy.switching());
            assertThat(client.read(1)).as("a record of application data").containsExactly(23);
        }
    }

    @Test
    void withoutMemoryForItsConnectionItsRequestReachesNobody() throws Exception {
        MemoryBudget none = new MemoryBudget("tls", 1);
        try (TestProxy proxy = options()
                        .memory(MemoryPlan.ofProcess().budgets().withTls(none))
                        .start();
                RawPeer client = eager(proxy)) {
            assertThat(client.isReset()).isTrue();

            proxy.finishReading();
            assertThat(backend.poll()).isNull();
            assertThat(metrics.events()).containsExactly("connected", "TLS failed: memory", "disconnected");
            for (FailurePoint point : FailurePoint.values()) {
                assertThat(proxy.failures().count(point)).isZero();
            }
        }
    }

    private static RawPeer eager(TestProxy proxy) throws Exception {
        return EagerTlsClient.send(proxy.address(), CA.client(), "chat.example.com", TestProxy.handshake());
    }
}
