// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.FreePort;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy.Pair;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Where a whole proxy listens, according to its file and its command line, and after changes. */
class ProxyListenersTest extends ProxyProcessFixture {

    @Test
    void listenersComeAndGoWithTheFileAndConnectionsStay() throws Exception {
        int first = FreePort.find();
        int second = FreePort.find();
        start(document("", one).replace("port: 0", "port: " + first));
        try (Pair tunnel = open(one)) {
            replace(document("", one).replace("port: 0", "port: " + second));
            awaitApplied(2);

            assertThat(running().addresses()).containsExactly("ws on 127.0.0.1:" + second);
            assertThatThrownBy(() -> RawPeer.connect(new InetSocketAddress("127.0.0.1", first)))
                    .isInstanceOf(IOException.class);
            tunnel.client().send(Frame.text("still here", true));
            assertThat(tunnel.backend().readFrame().text()).isEqualTo("still here");
        }
    }

    @Test
    void aRenamedListenerKeepsItsSocket() throws Exception {
        int port = FreePort.find();
        start(document("", one).replace("port: 0", "port: " + port));

        replace(document("", two).replace("name: ws, address: 127.0.0.1, port: 0", "name: chat, port: " + port));
        awaitApplied(2);

        assertThat(running().addresses()).containsExactly("chat on 127.0.0.1:" + port);
        try (Pair fresh = open(two)) {
            fresh.backend().send(Frame.text("welcome", false));
            assertThat(fresh.client().readFrame().text()).isEqualTo("welcome");
        }
    }

    @Test
    void twoListenersCannotShareASocket() throws Exception {
        int port = FreePort.find();
        start(document("", one));

        replace(document("", two)
                .replace(
                        "[{name: ws, address: 127.0.0.1, port: 0}]",
                        "[{name: a, port: " + port + "}, {name: b, address: 127.0.0.1, port: " + port + "}]"));
        Awaitility.await()
                .until(() -> admin("/metrics").body().contains("wsroute_config_refused_total{cause=\"listener\"} 1.0"));

        assertThat(admin("/config").body())
                .contains("Cannot listen on 127.0.0.1:" + port
                        + " for listener 'b': another listener uses the same address and port");
        assertThatThrownBy(() -> RawPeer.connect(new InetSocketAddress("127.0.0.1", port)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void listenersOfTheCommandLineAreTheOnlyOnesAndKeepTheirPorts() throws Exception {
        int told = FreePort.find();
        int written = FreePort.find();
        start(
                document("", one)
                        .replace(
                                "[{name: ws, address: 127.0.0.1, port: 0}]",
                                "[{name: ws, address: 127.0.0.2, port: " + written + "}, {name: more, port: 0}]"),
                Map.of("ws", told));

        assertThat(running().addresses()).containsExactly("ws on 127.0.0.2:" + told);
        assertThatThrownBy(() -> RawPeer.connect(new InetSocketAddress("127.0.0.2", written)))
                .isInstanceOf(IOException.class);

        replace(document("", one).replace("port: 0", "port: " + written));
        awaitApplied(2);

        assertThat(running().addresses()).containsExactly("ws on 127.0.0.1:" + told);
        try (Pair tunnel = open(one)) {
            tunnel.client().send(Frame.text("hello", true));
            assertThat(tunnel.backend().readFrame().text()).isEqualTo("hello");
        }
    }

    @Test
    void aListenerOfTheCommandLineNeedsNoneInTheDocument() throws Exception {
        start(document("", one), Map.of("other", 0));

        assertThat(running().addresses()).singleElement().asString().startsWith("other on 127.0.0.1:");
    }

    @Test
    void aNewListenerWhosePortIsInUseRefusesTheFileAsAWhole() throws Exception {
        start(document("", one));
        try (ServerSocket taken = new ServerSocket(0)) {
            replace(document("", two).replace("port: 0", "port: " + taken.getLocalPort()));
            Awaitility.await()
                    .until(() ->
                            admin("/metrics").body().contains("wsroute_config_refused_total{cause=\"listener\"} 1.0"));

            // While the port is still taken: the proxy tries again, and succeeds once it is free.
            try (Pair fresh = open(one)) {
                fresh.client().send(Frame.text("as before", true));
                assertThat(fresh.backend().readFrame().text()).isEqualTo("as before");
            }
        }
    }
}
