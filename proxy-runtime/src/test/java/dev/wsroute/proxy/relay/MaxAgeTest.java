// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.ConnectionRules;
import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.TestProxy;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class MaxAgeTest extends ProxyTest {

    @Test
    void aBusyTunnelIsClosedWith1012AtItsMaximumAge() throws Exception {
        RawBackend server = open(RawBackend.start());
        TestProxy proxy = open(TestProxy.options()
                .to(server.address())
                .rules(new ConnectionRules(null, Duration.ofSeconds(2), 0, null))
                .start());
        long opened = System.nanoTime();
        TestProxy.Pair tunnel = open(proxy.open(server));

        int messages = 0;
        Frame atClient;
        do {
            tunnel.backend().send(Frame.text("busy", false));
            atClient = tunnel.client().readFrame();
            messages++;
            await().pollDelay(Duration.ofMillis(20)).until(() -> true);
        } while (!atClient.isClose());

        assertThat(atClient.closeCode()).isEqualTo(1012);
        assertThat(Duration.ofNanos(System.nanoTime() - opened)).isGreaterThan(Duration.ofSeconds(2));
        assertThat(messages).isGreaterThan(3);
        tunnel.close();
        assertThat(proxy.nextLogged().tunnel().closeReason()).isEqualTo(CloseReason.MAX_AGE);
    }

    @Test
    void theReasonIsSentToBothSides() throws Exception {
        RawBackend server = open(RawBackend.start());
        TestProxy proxy = open(TestProxy.options()
                .to(server.address())
                .rules(new ConnectionRules(null, Duration.ofMillis(500), 50, null))
                .start());
        TestProxy.Pair tunnel = open(proxy.open(server));

        Frame atClient = tunnel.client().readFrame();
        Frame atBackend = tunnel.backend().readFrame();

        assertThat(atClient.closeCode()).isEqualTo(1012);
        assertThat(atClient.closePhrase()).isEqualTo("maximum age");
        assertThat(atBackend.closeCode()).isEqualTo(1012);
        assertThat(atBackend.masked()).isTrue();
    }
}
