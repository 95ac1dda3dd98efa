// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.KeyUpdatingClient;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestTls;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that send very many TLS records. They cost CPU time, and no memory. */
@Tag("slow")
class RecordFloodTest extends ProxyTest {

    private static final int BYTES = 20_000;

    private RawBackend server;
    private TestProxy proxy;

    @BeforeEach
    void start() throws Exception {
        server = open(RawBackend.start());
        proxy = open(TestProxy.options()
                .to(server.address())
                .tls(TestTls.server(SslProvider.OPENSSL_REFCNT, "TLSv1.3"))
                .start());
    }

    /** BoringSSL answers when it has something else to send, once for all. The JDK's engine answers each: 860 kB. */
    @Test
    void keyUpdatesThatAskForOthersAreNotAnsweredOneByOne(@TempDir Path folder) throws Exception {
        KeyUpdatingClient client = open(KeyUpdatingClient.start(folder, proxy.address(), BYTES));
        RawPeer backend = open(server.accept());
        backend.readHead();
        backend.send(TestProxy.switching());

        backend.read(Frame.header(Frame.BINARY, BYTES, true).length + BYTES);

        await().untilAsserted(() ->
                assertThat(proxy.memory().buffers().budget().used()).isZero());
        backend.close();
        assertThat(client.received()).isLessThan(BYTES);
        nothingFailed();
    }

    @Test
    void recordsOfOneByteTakeNoMemoryWhileTheyArrive() throws Exception {
        TestProxy.Pair tunnel =
                open(proxy.open(server, open(RawPeer.connect(proxy.address())).secure(TestTls.clientContext())));
        byte[] one = new byte[1];

        tunnel.client().send(Frame.header(Frame.BINARY, BYTES, true));
        for (int i = 0; i < BYTES; i++) {
            tunnel.client().send(one);
        }

        tunnel.backend().read(Frame.header(Frame.BINARY, BYTES, true).length + BYTES);
        await().untilAsserted(() ->
                assertThat(proxy.memory().buffers().budget().used()).isZero());
        nothingFailed();
    }

    private void nothingFailed() {
        for (FailurePoint point : FailurePoint.values()) {
            assertThat(proxy.failures().count(point)).isZero();
        }
    }
}
