// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.KillablePeer;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** However a peer disconnects, the other side is notified without a timer, and everything is released. */
class PeerLossTest extends ProxyTest {

    /** Longer than any wait in this test, so that no timer ends a connection. */
    private static final Duration LONG = Duration.ofMinutes(10);

    private enum Who {
        CLIENT,
        BACKEND
    }

    private enum How {
        FIN,
        RST,
        KILL
    }

    private enum When {
        IDLE,
        MID_FRAME,
        CLOSING
    }

    private TestProxy proxy;
    private RawPeer goes;
    private RawPeer stays;
    private KillablePeer puppet;

    static Stream<Arguments> all() {
        List<Arguments> all = new ArrayList<>();
        for (Who who : Who.values()) {
            for (How how : How.values()) {
                for (When when : When.values()) {
                    all.add(Arguments.of(who, how, when));
                }
            }
        }
        return all.stream();
    }

    private void tunnel(Who who, How how) throws Exception {
        RawBackend server = open(RawBackend.start());
        boolean killed = how == How.KILL;
        if (killed && who == Who.BACKEND) {
            puppet = open(KillablePeer.before(server.address()));
        }
        proxy = open(TestProxy.options()
                .to(killed && who == Who.BACKEND ? puppet.address() : server.address())
                .closeTimeout(LONG)
                .start());
        if (killed && who == Who.CLIENT) {
            puppet = open(KillablePeer.before(proxy.address()));
        }
        RawPeer client =
                killed && who == Who.CLIENT ? proxy.secure(RawPeer.connect(puppet.address())) : proxy.connect();
        TestProxy.Pair pair = open(proxy.open(server, client));
        goes = who == Who.CLIENT ? pair.client() : pair.backend();
        stays = who == Who.CLIENT ? pair.backend() : pair.client();
    }

    private void go(How how) throws Exception {
        switch (how) {
            case FIN -> goes.close();
            case RST -> goes.reset();
            case KILL -> puppet.kill();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void theOtherSideIsNotifiedWithoutATimer(Who who, How how, When when) throws Exception {
        tunnel(who, how);
        boolean masked = who == Who.CLIENT;
        byte[] frame = Frame.encode(Frame.BINARY, new byte[100], masked);
        switch (when) {
            case IDLE -> {
                goes.send(frame);
                stays.read(frame.length);
            }
            case MID_FRAME -> {
                goes.send(frame, 0, 50);
                stays.read(50);
            }
            case CLOSING -> {
                goes.send(Frame.close(1000, "", masked));
                assertThat(stays.readFrame().isClose()).isTrue();
            }
        }

        go(how);

        isNotified(who, how, when);
        stays.close();
        await().untilAsserted(() -> {
            assertThat(proxy.connections().size()).isZero();
            assertThat(proxy.endpoints().openLeases()).isZero();
            assertThat(proxy.server().clientConnections()).isZero();
        });
    }

    private void isNotified(Who who, How how, When when) throws Exception {
        if (when == When.CLOSING) {
            assertThat(stays.atEnd()).isTrue();
        } else if (who == Who.CLIENT) {
            // The proxy passes on the end of the stream. It does not invent a Close from the client.
            assertThat(how == How.RST ? stays.isReset() : stays.atEnd()).isTrue();
        } else if (when == When.MID_FRAME) {
            assertThat(stays.isReset()).isTrue();
        } else {
            assertThat(stays.readFrame().closeCode()).isEqualTo(1012);
        }
    }
}
