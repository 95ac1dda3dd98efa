// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The end of a connection with TLS whose client is still sending. A close at once would destroy the response. */
class TlsLingeringCloseTest extends TlsListenerFixture {

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aRefusalReachesAClientThatIsStillSending(String version) throws Exception {
        try (TestProxy proxy = options().start()) {
            try (RawPeer client = RawPeer.secure(proxy.address(), CA.client(), "chat.example.com", version)) {
                client.send("POST /  HTTP/1.1\r\nHost: chat.example.com\r\nContent-Length: 100000\r\n\r\n");
                for (int record = 0; record < 100; record++) {
                    client.send(new byte[1000]);
                    proxy.finishReading();
                }

                assertThat(client.readHead()).startsWith("HTTP/1.1 400 ");
                assertThat(client.readToEnd()).isEqualTo("The request is malformed.\n");
            }
            await().until(() -> proxy.server().clientConnections() == 0);
        }
    }
}
