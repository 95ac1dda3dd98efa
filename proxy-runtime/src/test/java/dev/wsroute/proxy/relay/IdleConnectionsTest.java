// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.testkit.ManyClients;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.TestProxy;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Keepalive probes of many connections that open at once and then stay silent. */
class IdleConnectionsTest extends ProxyTest {

    /**
     * The kernel's own keepalive timers would always probe all of them at the same moment. Loopback and veth deliver a
     * thousand probes at a time and lose the rest.
     */
    @Test
    @Tag("full")
    void noLivePeerIsConsideredDead() throws Exception {
        ManyClients crowd = open(new ManyClients());
        TestProxy proxy = open(TestProxy.options().to(crowd.backend()).start());

        crowd.connect(4500, proxy.address());
        await().until(() -> crowd.opened() == 4500);

        await().pollInterval(Duration.ofSeconds(1))
                .during(Duration.ofMinutes(4))
                .atMost(Duration.ofMinutes(5))
                .untilAsserted(() -> assertThat(crowd.ended()).isZero());
    }
}
