// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.wire;

import static dev.wsroute.proxy.wire.Piece.announcing;
import static dev.wsroute.proxy.wire.Piece.begin;
import static dev.wsroute.proxy.wire.Piece.binary;
import static dev.wsroute.proxy.wire.Piece.close;
import static dev.wsroute.proxy.wire.Piece.frame;
import static dev.wsroute.proxy.wire.Piece.ping;
import static dev.wsroute.proxy.wire.Piece.rest;
import static dev.wsroute.proxy.wire.Piece.start;
import static dev.wsroute.proxy.wire.Piece.text;
import static dev.wsroute.proxy.wire.WirePeer.BACKEND;
import static dev.wsroute.proxy.wire.WirePeer.CLIENT;

import java.util.List;
import java.util.function.BiFunction;

/** How tunnels end: by Close frames, and without. */
final class Closings {

    private static final String DROPPED = "backend vanished";

    private Closings() {}

    static List<FrameCase> cases() {
        FrameTable table = new FrameTable();
        codes(table);
        orders(table);
        clientsThatGo(table);
        backendsThatGo(table);
        return table.cases();
    }

    private static void codes(FrameTable table) {
        closes(table, "Close without a code", "§7.1.5", frame(0x88, new byte[0]));
        for (int code :
                new int[] {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4999}) {
            closes(table, "Close " + code, "§7.4.1", close(code, ""));
        }
        closes(table, "Close with a reason", "§5.5.1", close(1000, "done and gone"));
        closes(table, "Close with a reason that is not ASCII", "§7.1.6", close(4001, "g\u00e9n\u00e9ral"));
        closes(table, "Close of 125 bytes", "§5.5", close(1000, "r".repeat(123)));
    }

    private static void closes(FrameTable table, String name, String section, Piece close) {
        table.bothWays(
                name,
                section,
                (one, from) ->
                        one.passes(from, close).passes(from.other(), close).bothSeeEnd());
    }

    private static void orders(FrameTable table) {
        table.bothWays(
                        "the answer may have a code of its own",
                        "§5.5.1",
                        (one, from) -> one.passes(from, close(1000, ""))
                                .passes(from.other(), close(4001, "bye"))
                                .bothSeeEnd())
                .bothWays(
                        "the answer may come after more messages",
                        "§5.5.1",
                        (one, from) -> one.passes(from, text("a"), close(1000, ""))
                                .passes(from.other(), text("b"), ping(3), close(1000, ""))
                                .bothSeeEnd())
                .bothWays(
                        "Close of both at once",
                        "§7.1.2",
                        (one, from) -> one.sends(from, close(1000, "mine"))
                                .sends(from.other(), close(1001, "theirs"))
                                .gets(from, close(1001, "theirs"))
                                .gets(from.other(), close(1000, "mine"))
                                .bothSeeEnd())
                .bothWays(
                        "data behind a Close is dropped",
                        "§5.5.1",
                        (one, from) -> one.sends(from, close(1000, ""), text("late"), ping(1))
                                .gets(from.other(), close(1000, ""))
                                .passes(from.other(), close(1000, ""))
                                .bothSeeEnd())
                .bothWays(
                        "a second Close is dropped",
                        "§5.5.1",
                        (one, from) -> one.sends(from, close(1000, ""), close(1001, ""))
                                .gets(from.other(), close(1000, ""))
                                .passes(from.other(), close(1000, ""))
                                .bothSeeEnd())
                .bothWays(
                        "bytes behind a Close that are no frame are dropped",
                        "§5.5.1",
                        (one, from) -> one.sends(from, close(1000, ""), frame(0xff, new byte[7]))
                                .gets(from.other(), close(1000, ""))
                                .passes(from.other(), close(1000, ""))
                                .bothSeeEnd())
                .bothWays(
                        "the first Close, then the end at once",
                        "§7.1.1",
                        (one, from) -> one.sends(from, close(1000, ""))
                                .ends(from)
                                .gets(from.other(), close(1000, ""))
                                .passes(from.other(), close(1000, ""))
                                .bothSeeEnd());
    }

    private static void clientsThatGo(FrameTable table) {
        Piece partial = start(9, binary(100));
        table.script(FrameCase.of("client: the end without Close is the end for the backend", "§7.1.5")
                        .passes(CLIENT, text("last words"))
                        .ends(CLIENT)
                        .seesEnd(BACKEND)
                        .ends(BACKEND)
                        .seesEnd(CLIENT))
                .script(FrameCase.of("client: the end before any frame", "§7.1.5")
                        .ends(CLIENT)
                        .seesEnd(BACKEND)
                        .ends(BACKEND)
                        .seesEnd(CLIENT))
                .script(FrameCase.of("client: the end within a header, which is held back", "§7.1.7")
                        .passes(CLIENT, text("a"))
                        .sends(CLIENT, start(3, text("cut")))
                        .ends(CLIENT)
                        .seesEnd(BACKEND)
                        .ends(BACKEND)
                        .seesEnd(CLIENT))
                .script(FrameCase.of("client: the end within a payload", "§7.1.7")
                        .passes(CLIENT, partial)
                        .ends(CLIENT)
                        .seesEnd(BACKEND)
                        .ends(BACKEND)
                        .seesEnd(CLIENT))
                .script(FrameCase.of("client: the end between fragments", "§7.1.5")
                        .passes(CLIENT, begin("half"))
                        .ends(CLIENT)
                        .seesEnd(BACKEND)
                        .ends(BACKEND)
                        .seesEnd(CLIENT))
                .script(FrameCase.of("client: its backend may still speak", "§7.1.5")
                        .ends(CLIENT)
                        .seesEnd(BACKEND)
                        .passes(BACKEND, text("one more"), close(1000, ""))
                        .ends(BACKEND)
                        .seesEnd(CLIENT))
                .script(FrameCase.of("client: a reset is a reset for the backend", "§7.1.7")
                        .passes(CLIENT, text("a"))
                        .resets(CLIENT)
                        .seesReset(BACKEND));
    }

    private static void backendsThatGo(FrameTable table) {
        table.script(vanishing("backend: the end without Close", FrameCase::ends, text("last words")))
                .script(vanishing("backend: the end before any frame", FrameCase::ends))
                .script(vanishing("backend: the end between fragments", FrameCase::ends, begin("half")))
                .script(FrameCase.of("backend: the end within a header, which is held back", "§7.1.7")
                        .passes(BACKEND, text("a"))
                        .sends(BACKEND, start(3, binary(300)))
                        .ends(BACKEND)
                        .getsProxyClose(CLIENT, 1012, DROPPED)
                        .sends(CLIENT, close(1012, ""))
                        .bothSeeEnd())
                .script(FrameCase.of("backend: the end within a payload, where no Close fits", "§7.1.7")
                        .passes(BACKEND, start(20, binary(100)))
                        .ends(BACKEND)
                        .seesReset(CLIENT))
                .script(FrameCase.of("backend: the end within a payload beyond all memory", "§7.1.7")
                        .passes(BACKEND, announcing(Long.MAX_VALUE, 50))
                        .ends(BACKEND)
                        .seesReset(CLIENT))
                .script(FrameCase.of("backend: a reset", "§7.1.7")
                        .passes(BACKEND, text("a"))
                        .resets(BACKEND)
                        .getsProxyClose(CLIENT, 1012, DROPPED)
                        .sends(CLIENT, close(1012, ""))
                        .seesEnd(CLIENT))
                .script(FrameCase.of("backend: the end after the client's Close is no failure", "§7.1.1")
                        .passes(CLIENT, close(1000, ""))
                        .ends(BACKEND)
                        .seesEnd(CLIENT))
                .script(FrameCase.of("backend: a Close with the rest of a frame before it", "§5.5.1")
                        .passes(BACKEND, start(10, binary(40)))
                        .passes(BACKEND, rest(10, binary(40)), close(1000, ""))
                        .passes(CLIENT, close(1000, ""))
                        .bothSeeEnd());
    }

    private static FrameCase vanishing(String name, BiFunction<FrameCase, WirePeer, FrameCase> how, Piece... words) {
        FrameCase one = FrameCase.of(name + " is Close 1012 for the client", "§7.4.1");
        return how.apply(words.length == 0 ? one : one.passes(BACKEND, words), BACKEND)
                .getsProxyClose(CLIENT, 1012, DROPPED)
                .sends(CLIENT, close(1012, ""))
                .bothSeeEnd();
    }
}
