// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.ConnectionRules;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.TestProxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ConnectionChurnTest extends ProxyTest {

    private static long openDescriptors() throws Exception {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.count();
        }
    }

    @Test
    void aThousandConnectionsLeaveNoChannelNoLeaseAndNoDescriptor() throws Exception {
        churn(1000);
    }

    @Test
    @Tag("full")
    void aHundredThousandConnectionsLeaveNoChannelNoLeaseAndNoDescriptor() throws Exception {
        churn(100_000);
    }

    private void churn(int cycles) throws Exception {
        RawBackend server = open(RawBackend.start());
        TestProxy proxy = open(TestProxy.options()
                .to(server.address())
                .rules(new ConnectionRules(1L << 30, Duration.ofHours(1), 10, Duration.ofSeconds(30)))
                .start());
        proxy.open(server).close();
        long before = openDescriptors();

        for (int i = 0; i < cycles; i++) {
            TestProxy.Pair tunnel = proxy.open(server);
            switch (i % 5) {
                case 0 -> tunnel.client().send(Frame.close(1000, "", true));
                case 1 -> tunnel.backend().send(Frame.close(1000, "", false));
                case 2 -> tunnel.client().reset();
                case 3 -> tunnel.backend().reset();
                default -> tunnel.client().send(Frame.header(Frame.BINARY, 100, true));
            }
            tunnel.close();
        }

        await().untilAsserted(() -> {
            assertThat(proxy.connections().size()).isZero();
            assertThat(proxy.endpoints().openLeases()).isZero();
            assertThat(proxy.server().clientConnections()).isZero();
            assertThat(openDescriptors()).isLessThan(before + 10);
        });
    }
}
