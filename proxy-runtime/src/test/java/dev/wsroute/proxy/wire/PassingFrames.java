// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.wire;

import static dev.wsroute.proxy.wire.Piece.begin;
import static dev.wsroute.proxy.wire.Piece.binary;
import static dev.wsroute.proxy.wire.Piece.close;
import static dev.wsroute.proxy.wire.Piece.frame;
import static dev.wsroute.proxy.wire.Piece.last;
import static dev.wsroute.proxy.wire.Piece.masked;
import static dev.wsroute.proxy.wire.Piece.middle;
import static dev.wsroute.proxy.wire.Piece.payload;
import static dev.wsroute.proxy.wire.Piece.ping;
import static dev.wsroute.proxy.wire.Piece.pong;
import static dev.wsroute.proxy.wire.Piece.text;

import java.util.Arrays;
import java.util.List;

/** Frames that RFC 6455 allows: they pass unchanged. */
final class PassingFrames {

    private PassingFrames() {}

    static List<FrameCase> cases() {
        FrameTable table = new FrameTable();
        lengths(table);
        messages(table);
        controls(table);
        extensions(table);
        return table.cases();
    }

    private static void lengths(FrameTable table) {
        table.passes("text", "§5.7", text("Hello"))
                .passes("empty text", "§5.2", text(""))
                .passes("empty binary", "§5.2", binary(0))
                .passes("one byte", "§5.2", binary(1))
                .passes("125 bytes, the longest length of 7 bits", "§5.2", binary(125))
                .passes("126 bytes, the shortest length of 16 bits", "§5.2", binary(126))
                .passes("127 bytes", "§5.2", binary(127))
                .passes("256 bytes, the examples' length", "§5.7", binary(256))
                .passes("65,535 bytes, the longest length of 16 bits", "§5.2", binary(65_535))
                .passes("65,536 bytes, the shortest length of 64 bits", "§5.2", binary(65_536))
                .passes("200,000 bytes, more than a read or a watermark holds", "§5.2", binary(200_000))
                .passes(
                        "all three forms of length behind each other",
                        "§5.2",
                        binary(70_000),
                        binary(5),
                        binary(300),
                        text("end"))
                .passes("many empty frames", "§5.2", text(""), binary(0), text(""), binary(0), text(""))
                .passes("a mask of zeros", "§5.3", masked(0, "plain to see"))
                .passes("a mask of ones", "§5.3", masked(-1, "inverted"))
                .passes("a mask that looks like a Close frame", "§5.3", masked(0x88828888, "\u0000\u0000"))
                .passes("a mask of its own for each frame", "§5.3", masked(1, "a"), masked(0x0a0b0c0d, "b"))
                .passes("a payload that looks like frames", "§5.2", frame(0x82, new byte[] {
                    (byte) 0x88, 0x02, 0x03, (byte) 0xe8, (byte) 0x81, 0x7e
                }))
                .passes("text that is not UTF-8: endpoints judge, not proxies", "§8.1", frame(0x81, new byte[] {
                    (byte) 0xc3, 0x28
                }));
    }

    private static void messages(FrameTable table) {
        table.passes("a message of two frames", "§5.4", begin("Hel"), last("lo"))
                .passes(
                        "a message of many frames",
                        "§5.4",
                        begin("a"),
                        middle("b"),
                        middle("c"),
                        middle("d"),
                        last("e"))
                .passes("empty fragments", "§5.4", begin(""), middle(""), last(""))
                .passes("a binary message of two frames", "§5.4", frame(0x02, payload(3)), last("rest"))
                .passes("a fragment of 16-bit length", "§5.4", begin("x".repeat(126)), last("y".repeat(200)))
                .passes(
                        "a character cut by fragments",
                        "§5.4",
                        frame(0x01, new byte[] {(byte) 0xc3}),
                        frame(0x80, new byte[] {(byte) 0xa9}))
                .passes(
                        "messages behind a fragmented one",
                        "§5.4",
                        begin("a"),
                        last("b"),
                        text("c"),
                        begin("d"),
                        last("e"))
                .passes("a Ping between fragments", "§5.4", begin("Hel"), ping(5), last("lo"))
                .passes("a Pong between fragments", "§5.4", begin("Hel"), pong(5), last("lo"))
                .passes(
                        "several control frames between fragments",
                        "§5.4",
                        begin("a"),
                        ping(0),
                        pong(0),
                        middle("b"),
                        ping(125),
                        last("c"))
                .bothWays(
                        "a Close between fragments ends the message",
                        "§5.4",
                        (one, from) -> one.passes(from, begin("Hel"), close(1001, ""))
                                .passes(from.other(), close(1001, ""))
                                .bothSeeEnd());
    }

    private static void controls(FrameTable table) {
        table.passes("an empty Ping", "§5.5.2", ping(0))
                .passes("a Ping with application data", "§5.5.2", ping(5))
                .passes("a Ping of 125 bytes", "§5.5", ping(125))
                .passes("an unsolicited Pong", "§5.5.3", pong(7))
                .passes("a Pong of 125 bytes", "§5.5", pong(125))
                .passes("control frames between messages", "§5.5", text("a"), ping(1), text("b"), pong(1), text("c"))
                .bothWays(
                        "a Ping and its Pong are the peers' own",
                        "§5.5.3",
                        (one, from) -> one.passes(from, ping(8))
                                .passes(from.other(), pong(8))
                                .passes(from, close(1000, ""))
                                .passes(from.other(), close(1000, ""))
                                .bothSeeEnd())
                .bothWays(
                        "Pings of both at once",
                        "§5.5.2",
                        (one, from) -> one.sends(from, ping(3))
                                .sends(from.other(), ping(4))
                                .gets(from, ping(4))
                                .gets(from.other(), ping(3))
                                .passes(from, pong(4), close(1000, ""))
                                .passes(from.other(), pong(3), close(1000, ""))
                                .bothSeeEnd())
                .bothWays(
                        "messages of both at once",
                        "§5.1",
                        (one, from) -> one.sends(from, text("over there"))
                                .sends(from.other(), text("over here"), binary(130))
                                .gets(from, text("over here"), binary(130))
                                .gets(from.other(), text("over there"))
                                .passes(from, close(1000, ""))
                                .passes(from.other(), close(1000, ""))
                                .bothSeeEnd());
    }

    private static void extensions(FrameTable table) {
        table.negotiated("permessage-deflate; client_no_context_takeover")
                .passes("RSV1 on a compressed message", "RFC 7692 §6", frame(0xc1, payload(9)))
                .passes(
                        "RSV1 on the first of a message's frames",
                        "RFC 7692 §6.1",
                        frame(0x41, payload(4)),
                        last("rest"))
                .passes("a compressed and a plain message", "RFC 7692 §6", frame(0xc2, payload(9)), text("plain"))
                .passes(
                        "a Ping within a compressed message",
                        "RFC 7692 §6.1",
                        frame(0x41, payload(4)),
                        ping(2),
                        last("rest"))
                .passes("what inflates to much is not inflated", "RFC 7692 §7.2.2", frame(0xc2, bomb()))
                .negotiated("x-something-of-ones-own")
                .passes(
                        "all bits that an unknown extension may use",
                        "§9.2",
                        frame(0xf1, payload(3)),
                        frame(0xb2, payload(3)))
                .negotiated(null);
    }

    /** A long run of zeros, deflated several times. */
    private static byte[] bomb() {
        byte[] zeros = new byte[100];
        Arrays.fill(zeros, (byte) 0x42);
        zeros[0] = (byte) 0xec;
        zeros[1] = (byte) 0xc1;
        return zeros;
    }
}
