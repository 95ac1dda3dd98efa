// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.ConnectionRules;
import dev.wsroute.config.ConnectionRules.RateAction;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.RecordingMetrics;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestProxyOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A WebSocket whose client may not send as fast as it likes. */
abstract class RateFixture extends ProxyTest {

    /** With the burst of a second, the rest of what a test sends takes longer than the tests wait. */
    static final int SLOW = 1;

    final RecordingMetrics metrics = new RecordingMetrics();
    TestProxy proxy;
    RawBackend server;
    RawPeer client;
    RawPeer backend;

    static ConnectionRules rules(
            @Nullable Integer messages,
            @Nullable Integer messagesBurst,
            @Nullable Long bytes,
            @Nullable Long bytesBurst,
            @Nullable RateAction action) {
        ConnectionRules none = ConnectionRules.DEFAULT;
        return new ConnectionRules(
                none.connectRetries(),
                null,
                null,
                none.maxAgeJitterPercent(),
                null,
                messages,
                messagesBurst,
                bytes,
                bytesBurst,
                action);
    }

    static ConnectionRules messages(int perSecond, int burst) {
        return rules(perSecond, burst, null, null, null);
    }

    static ConnectionRules bytes(long perSecond, long burst) {
        return rules(null, null, perSecond, burst, null);
    }

    void tunnel(ConnectionRules rules) throws Exception {
        tunnel(TestProxy.options().rules(rules));
    }

    void tunnel(TestProxyOptions options) throws Exception {
        server = open(RawBackend.start());
        proxy = open(options.metrics(metrics).to(server.address()).start());
        TestProxy.Pair pair = open(proxy.open(server));
        client = pair.client();
        backend = pair.backend();
    }

    static byte[] message(int number) {
        return Frame.text("message " + number, true);
    }

    static byte[] messages(int number) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < number; i++) {
            all.writeBytes(message(i));
        }
        return all.toByteArray();
    }

    /** Reads them at the backend. */
    void receive(int first, int end) throws IOException {
        for (int i = first; i < end; i++) {
            assertThat(backend.readFrame().text()).isEqualTo("message " + i);
        }
    }

    static double secondsSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1e9;
    }
}
