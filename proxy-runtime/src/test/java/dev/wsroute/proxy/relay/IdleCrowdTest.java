// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.testkit.Crowd;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.TestProxy;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many that open at once, and then say nothing. */
class IdleCrowdTest extends ProxyTest {

    /**
     * The kernel's own keepalive probes those that opened at once at once, again and again: on loopback and on veth, a
     * thousand probes at a time arrive, the others are lost.
     */
    @Test
    @Tag("full")
    void noneIsTakenForDead() throws Exception {
        Crowd crowd = open(new Crowd());
        TestProxy proxy = open(TestProxy.options().to(crowd.backend()).start());

        crowd.connect(4500, proxy.address());
        await().atMost(Duration.ofMinutes(1)).until(() -> crowd.opened() == 4500);

        await().pollInterval(Duration.ofSeconds(1))
                .during(Duration.ofMinutes(4))
                .atMost(Duration.ofMinutes(5))
                .untilAsserted(() -> assertThat(crowd.ended()).isZero());
    }
}
