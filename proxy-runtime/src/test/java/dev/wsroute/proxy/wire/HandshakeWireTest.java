// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.wire.HandshakeCase.Ending;
import java.net.SocketException;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("slow")
class HandshakeWireTest extends WireTest {

    private static final Pattern ID = Pattern.compile("X-Request-Id: [0-9a-f]{32}\r\n");

    private static final Pattern PROCESS = Pattern.compile("wsroute-[0-9a-f]{32}\r\n");

    /** The distance between the positions at which a case is split. The first position differs between cases. */
    private static final int STRIDE = Integer.getInteger("wsroute.wire.stride", 11);

    private static final String HEAD_END = "\r\n\r\n";
    private static final byte[] QUESTION = Frame.text("question", true);
    private static final byte[] ANSWER = Frame.text("answer", false);

    static Stream<Arguments> cases() {
        return Stream.of(
                        HandshakesThatOpen.cases(),
                        HandshakesRefused.cases(),
                        MalformedHandshakes.cases(),
                        Answers.cases(),
                        ImperfectResponses.cases(),
                        ImperfectSwitches.cases(),
                        HostsAndTargets.cases())
                .flatMap(List::stream)
                .flatMap(one -> deliveries().map(delivery -> Arguments.of(one, delivery)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void eachPeerGetsExactlyWhatItShould(HandshakeCase one, Delivery delivery) throws Exception {
        play(one, delivery);
    }

    /** Runs a case with the proxy of this class. */
    static void play(HandshakeCase one, Delivery delivery) throws Exception {
        for (NavigableSet<Integer> cuts : delivery.cuts(positions(one, delivery))) {
            try (RawPeer client = connect()) {
                play(one, client, cuts);
            } catch (Exception | AssertionError e) {
                throw new AssertionError(one + cutAt(cuts) + e.getMessage(), e);
            }
        }
    }

    private static void play(HandshakeCase one, RawPeer client, NavigableSet<Integer> cuts) throws Exception {
        send(client, bytes(one.sends() + one.behind()), 0, cuts);
        String expected = one.backendGets();
        if (expected == null) {
            gets("client", client, bytes(one.clientGets()));
            seesEnd("client", client);
            Assertions.assertThat(server.isLeftAloneFor(1))
                    .as("no backend hears of it")
                    .isTrue();
            client.reset();
            return;
        }
        try (RawPeer backend = accept()) {
            String port = Integer.toString(proxy.address().getPort());
            String head = backend.readHead()
                    + backend.readText(expected.length() - expected.indexOf(HEAD_END) - HEAD_END.length());
            String made = ID.matcher(head).replaceFirst("X-Request-Id: {id}\r\n");
            Assertions.assertThat(PROCESS.matcher(made).replaceFirst("wsroute-{process}\r\n"))
                    .isEqualTo(expected.replace("{port}", port));
            answer(one, backend, cuts);
            ending(one, clientGets(one, client, cuts), client, backend);
            client.reset();
            backend.reset();
        }
    }

    /** @return how the connection ended */
    private static Ending clientGets(HandshakeCase one, RawPeer client, NavigableSet<Integer> cuts) throws Exception {
        if (one.ending() == Ending.KEPT_OR_CUT) {
            String head = client.readHead();
            if (cuts.isEmpty() || head.startsWith("HTTP/1.1 502 ")) {
                String body = client.readText(Math.max(0, one.clientGets().length() - head.length()));
                Assertions.assertThat(head + body).isEqualTo(one.clientGets());
                return Ending.KEPT;
            }
            Assertions.assertThat(head + client.readToEnd())
                    .isEqualTo("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            return Ending.CUT;
        }
        boolean chunked = one.clientGets().contains("Transfer-Encoding: chunked\r\n");
        if (one.ending() == Ending.CUT) {
            String passed = client.readHead() + (chunked ? chunksUntilCut(client) : client.readToEnd());
            Assertions.assertThat(passed).isEqualTo(one.clientGets());
        } else if (chunked) {
            Assertions.assertThat(client.readHead() + dechunked(client)).isEqualTo(one.clientGets());
        } else {
            gets("client", client, bytes(one.clientGets()));
        }
        return one.ending();
    }

    private static void answer(HandshakeCase one, RawPeer backend, NavigableSet<Integer> cuts) throws Exception {
        try {
            send(backend, bytes(one.answers()), 0, cuts);
            if (one.backendEnds()) {
                backend.endOutput();
            }
        } catch (SocketException e) {
            // A malformed or too long message need not be read completely.
            Assertions.assertThat(one.ending()).isNotEqualTo(Ending.TUNNEL);
        }
    }

    private static void ending(HandshakeCase one, Ending ending, RawPeer client, RawPeer backend) throws Exception {
        if (ending == Ending.TUNNEL) {
            gets("backend", backend, bytes(one.behind()));
            client.send(QUESTION);
            gets("backend", backend, QUESTION);
            backend.send(ANSWER);
            gets("client", client, ANSWER);
        } else {
            seesNothingMore(backend);
            if (ending == Ending.CLOSED) {
                seesEnd("client", client);
            } else if (ending == Ending.KEPT) {
                servesOn(client);
            }
        }
    }

    /** No byte of the previous response becomes part of the next one. */
    private static void servesOn(RawPeer client) throws Exception {
        String answer = "HTTP/1.1 204 No Content\r\n\r\n";
        client.send("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
        try (RawPeer backend = accept()) {
            Assertions.assertThat(backend.readHead()).startsWith("GET /next HTTP/1.1\r\n");
            backend.send(answer);
            gets("client", client, bytes(answer));
            backend.reset();
        }
    }

    /** A backend whose connection is closed while it sends sees a reset. */
    private static void seesNothingMore(RawPeer backend) throws Exception {
        try {
            seesEnd("backend", backend);
        } catch (SocketException reset) {
            Assertions.assertThat(reset).hasMessageContaining("reset");
        }
    }

    private static String dechunked(RawPeer peer) throws Exception {
        StringBuilder content = new StringBuilder();
        int size;
        do {
            StringBuilder line = new StringBuilder();
            while (line.indexOf("\r\n") < 0) {
                line.append(peer.readText(1));
            }
            size = Integer.parseInt(line.toString().trim(), 16);
            content.append(peer.readText(size));
            gets("the end of a chunk", peer, bytes("\r\n"));
        } while (size > 0);
        return content.toString();
    }

    /** The content of complete chunks. The stream ends after them without the last chunk. */
    private static String chunksUntilCut(RawPeer peer) throws Exception {
        StringBuilder content = new StringBuilder();
        String rest = peer.readToEnd();
        while (!rest.isEmpty()) {
            int line = rest.indexOf("\r\n");
            int size = Integer.parseInt(rest.substring(0, line), 16);
            Assertions.assertThat(size).as("the last chunk").isPositive();
            content.append(rest, line + 2, line + 2 + size);
            rest = rest.substring(line + 2 + size + 2);
        }
        return content.toString();
    }

    private static byte[] bytes(String latin1) {
        return latin1.getBytes(ISO_8859_1);
    }

    /** The same split positions in the request and in the response. */
    private static NavigableSet<Integer> positions(HandshakeCase one, Delivery delivery) {
        NavigableSet<Integer> positions = new TreeSet<>();
        int length = Math.max(
                one.sends().length() + one.behind().length(), one.answers().length());
        int every = delivery == Delivery.CUT_IN_TWO_EVERYWHERE ? STRIDE : 1;
        for (int i = 1 + Math.floorMod(one.name().hashCode(), every); i < Math.min(length, 700); i += every) {
            positions.add(i);
        }
        return positions;
    }
}
