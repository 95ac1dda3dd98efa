// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.wire;

import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.wire.FrameCase.Ends;
import dev.wsroute.proxy.wire.FrameCase.Gets;
import dev.wsroute.proxy.wire.FrameCase.GetsProxyClose;
import dev.wsroute.proxy.wire.FrameCase.Resets;
import dev.wsroute.proxy.wire.FrameCase.SeesEnd;
import dev.wsroute.proxy.wire.FrameCase.SeesReset;
import dev.wsroute.proxy.wire.FrameCase.Sends;
import dev.wsroute.proxy.wire.FrameCase.Step;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("slow")
class FrameWireTest extends WireTest {

    /** Further positions at which the payload of a long frame is split. */
    private static final int[] INSIDE = {20, 1000, 65_535};

    static Stream<Arguments> cases() {
        return Stream.of(PassingFrames.cases(), ForbiddenFrames.cases(), Closings.cases())
                .flatMap(List::stream)
                .flatMap(one -> deliveries().map(delivery -> Arguments.of(one, delivery)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void eachPeerGetsExactlyWhatItShould(FrameCase one, Delivery delivery) throws Exception {
        for (NavigableSet<Integer> cuts : delivery.cuts(positions(one))) {
            try (TestProxy.Pair pair = open(one)) {
                play(one.steps(), pair, cuts);
            } catch (Exception | AssertionError e) {
                throw new AssertionError(one + cutAt(cuts) + e.getMessage(), e);
            }
        }
    }

    private static TestProxy.Pair open(FrameCase one) throws Exception {
        String extensions = one.extensions();
        TestProxy.Pair pair =
                extensions == null ? proxy.open(server) : proxy.open(server, "Sec-WebSocket-Extensions: " + extensions);
        return new TestProxy.Pair(cutting(pair.client()), cutting(pair.backend()));
    }

    private static void play(List<Step> steps, TestProxy.Pair pair, NavigableSet<Integer> cuts) throws Exception {
        int base = 0;
        for (Step step : steps) {
            RawPeer peer = step.who() == WirePeer.CLIENT ? pair.client() : pair.backend();
            String who = step.who().toString();
            if (step instanceof Sends sends) {
                byte[] bytes = encoded(sends.pieces(), sends.who());
                send(peer, bytes, base, cuts);
                base += bytes.length;
            } else if (step instanceof Gets gets) {
                gets(who, peer, encoded(gets.pieces(), gets.who().other()));
            } else if (step instanceof GetsProxyClose close) {
                Frame frame = peer.readFrame();
                Assertions.assertThat(List.of(frame.first(), frame.masked(), frame.closeCode(), frame.closePhrase()))
                        .as(who)
                        .containsExactly(Frame.CLOSE, close.who() == WirePeer.BACKEND, close.code(), close.phrase());
            } else if (step instanceof Ends) {
                peer.endOutput();
            } else if (step instanceof Resets) {
                peer.reset();
            } else if (step instanceof SeesEnd) {
                seesEnd(who, peer);
            } else if (step instanceof SeesReset) {
                seesReset(who, peer);
            }
        }
        pair.client().reset();
        pair.backend().reset();
    }

    private static byte[] encoded(List<Piece> pieces, WirePeer sender) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        pieces.forEach(piece -> out.writeBytes(piece.from(sender)));
        return out.toByteArray();
    }

    /** All positions in the sent bytes, except within long payloads. */
    private static NavigableSet<Integer> positions(FrameCase one) {
        NavigableSet<Integer> positions = new TreeSet<>();
        int start = 0;
        for (Step step : one.steps()) {
            if (step instanceof Sends sends) {
                for (Piece piece : sends.pieces()) {
                    int length = piece.from(sends.who()).length;
                    for (int i = 0; i < Math.min(length, length < 40 ? length : 16); i++) {
                        positions.add(start + i);
                    }
                    if (length >= 40) {
                        for (int i : INSIDE) {
                            positions.add(start + Math.min(i, length - 1));
                        }
                    }
                    start += length;
                }
            }
        }
        positions.remove(0);
        return positions;
    }
}
