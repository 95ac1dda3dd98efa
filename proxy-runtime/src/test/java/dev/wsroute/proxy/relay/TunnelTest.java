package dev.wsroute.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.TestProxy;
import org.junit.jupiter.api.Test;

class TunnelTest {

    @Test
    void messagesPassUnchangedBothWays() throws Exception {
        try (RawBackend backend = RawBackend.start();
                TestProxy proxy = TestProxy.to(backend);
                TestProxy.Pair tunnel = proxy.open(backend)) {
            tunnel.client().send(Frame.text("hello", true));
            assertThat(tunnel.backend().readFrame().text()).isEqualTo("hello");

            tunnel.backend().send(Frame.text("world", false));
            assertThat(tunnel.client().readFrame().text()).isEqualTo("world");
        }
    }
}
