// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.ConnectionRules.RateAction;
import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.metrics.TunnelOutcome;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.TestProxy;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The end of a WebSocket whose client sends faster than it may. */
@Tag("slow")
class RateAndCloseTest extends RateFixture {

    @ParameterizedTest
    @EnumSource(
            value = CloseReason.class,
            names = {"PROXY_SHUTDOWN", "BACKEND_LEAVING"})
    void theClosingHandshakeOfTheProxyDoesNotWait(CloseReason reason) throws Exception {
        tunnel(TestProxy.options().rules(messages(SLOW, 1)).closeTimeout(Duration.ofMinutes(5)));
        client.send(messages(20_000));
        receive(0, 1);
        await().until(() -> metrics.events().contains("rate exceeded Pause"));

        proxy.connections().matching(any -> true).forEach(connection -> connection.close(reason));

        assertThat(client.readFrame().closeCode()).isEqualTo(reason.code());
        client.send(Frame.close(reason.code(), "", true));
        assertThat(client.atEnd()).isTrue();
        Frame atBackend = backend.readFrame();
        while (!atBackend.isClose()) {
            atBackend = backend.readFrame();
        }
        assertThat(atBackend.closeCode()).isEqualTo(reason.code());
        backend.send(Frame.close(reason.code(), "", false));
        client.close();
        backend.close();
        assertThat(proxy.nextLogged().tunnel().end()).isEqualTo(TunnelOutcome.PROXY_CLOSED);
    }

    @Test
    void aCloseWithinAFrameIsSentAfterTheRestOfTheFrameWhichDoesNotWait() throws Exception {
        tunnel(TestProxy.options().rules(bytes(SLOW, 1000)).closeTimeout(Duration.ofMinutes(5)));
        byte[] frame = Frame.encode(Frame.BINARY, new byte[100_000], true);
        client.send(frame).send(message(1));
        assertThat(backend.read(1000)).isEqualTo(Arrays.copyOf(frame, 1000));

        proxy.connections().matching(any -> true).forEach(connection -> connection.close(CloseReason.MAX_AGE));

        assertThat(client.readFrame().closeCode()).isEqualTo(1012);
        assertThat(backend.read(frame.length - 1000)).isEqualTo(Arrays.copyOfRange(frame, 1000, frame.length));
        assertThat(backend.readFrame().closeCode()).isEqualTo(1012);
    }

    @Test
    void afterTheBackendsCloseTheClientsAnswerDoesNotWait() throws Exception {
        tunnel(messages(SLOW, 1));
        client.send(messages(1000));
        receive(0, 1);

        backend.send(Frame.close(4321, "enough", false));

        assertThat(client.readFrame().closeCode()).isEqualTo(4321);
        client.send(Frame.close(4321, "", true));
        receive(1, 1000);
        assertThat(backend.readFrame().closeCode()).isEqualTo(4321);
    }

    @Test
    void aClientsCloseFollowsItsMessages() throws Exception {
        tunnel(messages(50, 1));
        client.send(messages(30)).send(Frame.close(1000, "", true));

        receive(0, 30);
        assertThat(backend.readFrame().closeCode()).isEqualTo(1000);
    }

    @Test
    void theEndOfTheClientFollowsItsMessages() throws Exception {
        tunnel(messages(50, 1));
        client.send(messages(30));
        client.sendCloseNotify();

        receive(0, 30);
        assertThat(backend.atEnd()).isTrue();
        backend.close();
        assertThat(client.atEnd()).isTrue();
    }

    @Test
    void whoExceedsTheMessagesIsClosedWith1008BeforeTheMessage() throws Exception {
        tunnel(rules(SLOW, 3, null, null, RateAction.Close));
        client.send(messages(5));

        receive(0, 3);
        isClosedWith1008();
    }

    @Test
    void whoExceedsTheBytesIsClosedWith1008AfterTheFrame() throws Exception {
        tunnel(rules(null, null, 1000L, 1000L, RateAction.Close));
        byte[] frame = Frame.encode(Frame.BINARY, new byte[1500], true);
        client.send(frame).send(message(1));

        assertThat(backend.read(frame.length)).isEqualTo(frame);
        isClosedWith1008();
    }

    private void isClosedWith1008() throws Exception {
        Frame atBackend = backend.readFrame();
        Frame atClient = client.readFrame();
        assertThat(atBackend.closeCode()).isEqualTo(1008);
        assertThat(atClient.closeCode()).isEqualTo(1008);
        assertThat(atClient.closePhrase()).isEqualTo("message rate exceeded");
        client.send(message(9)).send(Frame.close(1008, "", true));
        assertThat(client.atEnd()).isTrue();
        backend.send(Frame.close(1008, "", false));
        assertThat(backend.atEnd()).isTrue();
        client.close();
        backend.close();
        assertThat(proxy.nextLogged().tunnel().closeReason()).isEqualTo(CloseReason.RATE_EXCEEDED);
        assertThat(metrics.events()).containsOnlyOnce("rate exceeded Close");
    }

    @Test
    void whatIsHeldBackIsReleasedWithTheConnection() throws Exception {
        tunnel(messages(SLOW, 1));
        client.send(messages(500));
        receive(0, 1);
        await().until(() -> proxy.memory().buffers().budget().used() > 0);

        client.reset();
        backend.reset();

        proxy.nextLogged();
        await().until(() -> proxy.memory().buffers().budget().used() == 0);
    }
}
