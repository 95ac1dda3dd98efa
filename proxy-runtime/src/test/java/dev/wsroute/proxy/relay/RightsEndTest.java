// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.metrics.TunnelOutcome;
import dev.wsroute.proxy.routing.AccessVerdict;
import dev.wsroute.proxy.routing.Grant;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.ManyClients;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.RecordedConnection;
import dev.wsroute.proxy.testkit.RecordingMetrics;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestProxy.Pair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The right to a WebSocket ends while it is open. */
@Tag("slow")
class RightsEndTest extends ProxyTest {

    private static final int CLIENTS = 2000;
    private static final Duration WINDOW = Duration.ofSeconds(8);

    private TestProxy proxy;
    private RawBackend server;

    private Pair tunnel(Consumer<Grant> rights) throws Exception {
        server = open(RawBackend.start());
        proxy = open(TestProxy.options()
                .to(server.address())
                .gate((request, loop, answer) -> {
                    Grant grant = new Grant();
                    rights.accept(grant);
                    answer.accept(new AccessVerdict(grant, null));
                })
                .start());
        return open(proxy.open(server));
    }

    private static long in(Duration time) {
        return System.currentTimeMillis() + time.toMillis();
    }

    private void isClosed(Pair tunnel, int code) throws Exception {
        Frame atClient = tunnel.client().readFrame();
        Frame atBackend = tunnel.backend().readFrame();
        assertThat(atClient.closeCode()).isEqualTo(code);
        assertThat(atClient.closePhrase()).isEqualTo("token expired");
        assertThat(atBackend.closeCode()).isEqualTo(code);
        tunnel.client().send(Frame.close(code, "", true));
        tunnel.backend().send(Frame.close(code, "", false));
        assertThat(tunnel.client().atEnd()).isTrue();
        tunnel.close();
        var end = proxy.nextLogged().tunnel();
        assertThat(end.closeReason()).isEqualTo(CloseReason.TOKEN_EXPIRED);
        assertThat(end.closeCode()).isEqualTo(code);
        assertThat(end.end()).isEqualTo(TunnelOutcome.PROXY_CLOSED);
    }

    @Test
    void atItsEndItIsClosedWith1008() throws Exception {
        long end = in(Duration.ofSeconds(2));
        Pair tunnel = tunnel(grant -> grant.ends(end, 1008));
        tunnel.client().send(Frame.text("before", true));
        assertThat(tunnel.backend().readFrame().text()).isEqualTo("before");

        isClosed(tunnel, 1008);
        assertThat(System.currentTimeMillis()).isGreaterThanOrEqualTo(end - 100);
    }

    @ParameterizedTest
    @ValueSource(ints = {4000, 4999})
    void orWithTheCodeOfTheRule(int code) throws Exception {
        isClosed(tunnel(grant -> grant.ends(in(Duration.ofMillis(300)), code)), code);
    }

    @Test
    void withinAFrameItWaitsForTheFramesEnd() throws Exception {
        Pair tunnel = tunnel(grant -> grant.ends(in(Duration.ofMillis(300)), 1008));
        byte[] frame = Frame.encode(Frame.BINARY, new byte[100], false);
        tunnel.backend().send(frame, 0, 50);
        assertThat(tunnel.client().read(50)).isEqualTo(Arrays.copyOf(frame, 50));
        assertThat(tunnel.backend().readFrame().closeCode()).isEqualTo(1008);

        tunnel.backend().send(frame, 50, frame.length - 50);

        assertThat(tunnel.client().read(frame.length - 50)).isEqualTo(Arrays.copyOfRange(frame, 50, frame.length));
        assertThat(tunnel.client().readFrame().closeCode()).isEqualTo(1008);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MIN_VALUE, 1_700_000_000_000L})
    void whatHasEndedAtTheHandshakeIsClosedAtOnce(long end) throws Exception {
        isClosed(tunnel(grant -> grant.ends(end, 1008)), 1008);
    }

    @Test
    void theEarliestOfSeveralEndsCountsWithItsCode() throws Exception {
        isClosed(
                tunnel(grant -> {
                    grant.ends(in(Duration.ofHours(1)), 4001);
                    grant.ends(in(Duration.ofMillis(300)), 4002);
                    grant.ends(in(Duration.ofHours(2)), 4003);
                }),
                4002);
    }

    @ParameterizedTest
    @ValueSource(longs = {253_402_300_799_999L, Long.MAX_VALUE - 1, Long.MAX_VALUE})
    void theDistantFutureEndsNothing(long end) throws Exception {
        Pair tunnel = tunnel(grant -> grant.ends(end, 1008));

        assertThat(tunnel.client().hearsNothingFor(600)).isTrue();

        tunnel.client().send(Frame.text("after", true));
        assertThat(tunnel.backend().readFrame().text()).isEqualTo("after");
    }

    @Test
    void twoThousandThatEndInTheSameSecondAreClosedEvenlyAndNobodyElseNotices() throws Exception {
        ManyClients crowd = open(new ManyClients());
        RecordingMetrics metrics = new RecordingMetrics();
        long end = in(Duration.ofSeconds(12));
        proxy = open(TestProxy.options()
                .to(crowd.backend())
                .window(WINDOW)
                .metrics(metrics)
                // A loaded machine may take long to answer so many.
                .closeTimeout(Duration.ofMinutes(1))
                .gate((request, loop, answer) -> {
                    Grant grant = new Grant();
                    if (Objects.requireNonNull(request.get()).header("X-Stays") == null) {
                        grant.ends(end, 1008);
                    }
                    answer.accept(new AccessVerdict(grant, null));
                })
                .start());
        List<RawPeer> others = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            RawPeer other = open(proxy.connect());
            other.send(TestProxy.handshake("X-Stays: yes"));
            other.readHead();
            others.add(other);
        }
        crowd.connect(CLIENTS, proxy.address());
        await().until(() -> crowd.opened() == CLIENTS);

        await().until(() -> crowd.ended() == CLIENTS);

        assertThat(crowd.codes()).hasSize(CLIENTS).containsOnly(1008);
        assertThat(RecordedConnection.mostInASecond(metrics.closeTimes()))
                .isLessThanOrEqualTo((int) (1.3 * CLIENTS / WINDOW.toSeconds()));
        await().until(() -> proxy.connections().size() == others.size());
        for (RawPeer other : others) {
            assertThat(other.hearsNothingFor(1)).isTrue();
        }
    }
}
