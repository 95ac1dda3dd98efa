// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.ConnectionRules;
import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A rule's {@code maxMessageBytes}: RFC 6455 §7.4.1, code 1009. */
class MessageSizeTest extends ProxyTest {

    private static final int LIMIT = 1000;

    private TestProxy proxy;
    private RawPeer client;
    private RawPeer backend;

    @BeforeEach
    void tunnel() throws Exception {
        RawBackend server = open(RawBackend.start());
        proxy = open(TestProxy.options()
                .to(server.address())
                .rules(new ConnectionRules((long) LIMIT, null, 10, null))
                .start());
        TestProxy.Pair pair = open(proxy.open(server));
        client = pair.client();
        backend = pair.backend();
    }

    private RawPeer from(boolean ofClient) {
        return ofClient ? client : backend;
    }

    private void bothAreClosed() throws Exception {
        assertThat(client.readFrame().closeCode()).isEqualTo(1009);
        assertThat(backend.readFrame().closeCode()).isEqualTo(1009);
        client.close();
        backend.close();
        assertThat(proxy.nextLogged().tunnel().closeReason()).isEqualTo(CloseReason.MESSAGE_TOO_BIG);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMessageOfExactlyTheLimitPassesAndAByteMoreCloses(boolean ofClient) throws Exception {
        byte[] fits = Frame.encode(Frame.BINARY, new byte[LIMIT], ofClient);
        from(ofClient).send(fits).send(fits);
        assertThat(from(!ofClient).read(2 * fits.length)).endsWith(fits);

        from(ofClient).send(Frame.encode(Frame.BINARY, new byte[LIMIT + 1], ofClient));

        bothAreClosed();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theHeaderAloneDecides(boolean ofClient) throws Exception {
        from(ofClient).send(Frame.header(Frame.BINARY, Long.MAX_VALUE, ofClient));

        bothAreClosed();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void fragmentsCountTogetherAndControlFramesBetweenThemDoNot(boolean ofClient) throws Exception {
        byte[] first = Frame.encode(0x02, new byte[600], ofClient);
        byte[] ping = Frame.encode(Frame.PING, new byte[100], ofClient);
        byte[] second = Frame.encode(0x00, new byte[400], ofClient);
        from(ofClient).send(first).send(ping).send(second);
        assertThat(from(!ofClient).read(first.length + ping.length + second.length))
                .endsWith(second);

        from(ofClient).send(Frame.encode(0x80, new byte[1], ofClient));

        bothAreClosed();
    }

    @Test
    void aNewMessageCountsFromZero() throws Exception {
        byte[] first = Frame.encode(0x02, new byte[600], true);
        byte[] last = Frame.encode(0x80, new byte[400], true);

        for (int i = 0; i < 3; i++) {
            client.send(first).send(last);
            assertThat(backend.read(first.length + last.length)).startsWith(first);
        }
    }
}
