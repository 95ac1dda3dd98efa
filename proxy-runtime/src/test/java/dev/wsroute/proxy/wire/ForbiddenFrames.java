// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.wire;

import static dev.wsroute.proxy.wire.Piece.announcing;
import static dev.wsroute.proxy.wire.Piece.begin;
import static dev.wsroute.proxy.wire.Piece.binary;
import static dev.wsroute.proxy.wire.Piece.frame;
import static dev.wsroute.proxy.wire.Piece.last;
import static dev.wsroute.proxy.wire.Piece.middle;
import static dev.wsroute.proxy.wire.Piece.payload;
import static dev.wsroute.proxy.wire.Piece.ping;
import static dev.wsroute.proxy.wire.Piece.text;
import static dev.wsroute.proxy.wire.Piece.withLengthOf;
import static dev.wsroute.proxy.wire.Piece.wronglyMasked;

import java.util.List;

/** Frames that RFC 6455 forbids: none of their bytes pass, and both peers receive Close 1002. */
final class ForbiddenFrames {

    private ForbiddenFrames() {}

    static List<FrameCase> cases() {
        FrameTable table = new FrameTable();
        masks(table);
        opcodes(table);
        fragments(table);
        reservedBits(table);
        lengths(table);
        return table.cases();
    }

    private static void masks(FrameTable table) {
        table.forbids("the wrong masking", "§5.1", wronglyMasked(0x81, "Hello"))
                .forbids("the wrong masking of an empty frame", "§5.1", wronglyMasked(0x82, ""))
                .forbids("the wrong masking of a control frame", "§5.1", wronglyMasked(0x89, "ping"))
                .forbids("the wrong masking of a Close", "§5.1", wronglyMasked(0x88, "\u0003\u0068"))
                .forbids("the wrong masking behind the right one", "§5.1", wronglyMasked(0x81, "b"), text("a"))
                .forbids("the wrong masking within a message", "§5.1", wronglyMasked(0x80, "lo"), begin("Hel"));
    }

    private static void opcodes(FrameTable table) {
        for (int opcode : new int[] {0x3, 0x4, 0x5, 0x6, 0x7}) {
            table.forbids("reserved data opcode %x".formatted(opcode), "§5.2", frame(0x80 | opcode, payload(2)));
        }
        for (int opcode : new int[] {0xb, 0xc, 0xd, 0xe, 0xf}) {
            table.forbids("reserved control opcode %x".formatted(opcode), "§5.2", frame(0x80 | opcode, payload(2)));
        }
        table.forbids("a reserved opcode behind good frames", "§5.2", frame(0x83, payload(2)), text("a"), binary(130))
                .forbids("a reserved opcode between fragments", "§5.2", frame(0x83, payload(2)), begin("a"));
    }

    private static void fragments(FrameTable table) {
        table.forbids("a continuation of nothing", "§5.4", last("lo"))
                .forbids("a continuation of nothing that goes on", "§5.4", middle("lo"))
                .forbids("a continuation behind a whole message", "§5.4", last("more"), text("whole"))
                .forbids("a continuation behind the last fragment", "§5.4", last("c"), begin("a"), last("b"))
                .forbids("a message within a message", "§5.4", text("new"), begin("old"))
                .forbids("a fragmented message within a message", "§5.4", begin("new"), begin("old"), middle("and"))
                .forbids("a binary message within a text message", "§5.4", binary(3), begin("old"), ping(1))
                .forbids("a fragmented Ping", "§5.5", frame(0x09, payload(2)))
                .forbids("a fragmented Pong", "§5.5", frame(0x0a, payload(2)))
                .forbids("a fragmented Close", "§5.5", frame(0x08, new byte[] {3, (byte) 0xe8}));
    }

    private static void reservedBits(FrameTable table) {
        table.forbids("RSV1 without an extension", "§5.2", frame(0xc1, payload(3)))
                .forbids("RSV2 without an extension", "§5.2", frame(0xa1, payload(3)))
                .forbids("RSV3 without an extension", "§5.2", frame(0x91, payload(3)))
                .forbids("all reserved bits without an extension", "§5.2", frame(0xf2, payload(3)))
                .forbids("RSV1 on a Ping without an extension", "§5.2", frame(0xc9, payload(3)))
                .forbids("RSV1 on a Close without an extension", "§5.2", frame(0xc8, new byte[] {3, (byte) 0xe8}))
                .negotiated("permessage-deflate")
                .forbids("RSV2 with permessage-deflate", "RFC 7692 §6", frame(0xa1, payload(3)))
                .forbids("RSV3 with permessage-deflate", "RFC 7692 §6", frame(0x92, payload(3)))
                .forbids("RSV1 and RSV2 with permessage-deflate", "RFC 7692 §6", frame(0xe1, payload(3)))
                .forbids("RSV1 on a later fragment", "RFC 7692 §6.1", frame(0xc0, payload(3)), frame(0x41, payload(2)))
                .forbids("RSV1 on a Ping", "RFC 7692 §6.1", frame(0xc9, payload(3)))
                .forbids("RSV1 on a Close", "RFC 7692 §6.1", frame(0xc8, new byte[] {3, (byte) 0xe8}))
                .negotiated(null);
    }

    private static void lengths(FrameTable table) {
        table.forbids("a Ping of 126 bytes", "§5.5", frame(0x89, payload(126)))
                .forbids("a Pong of 126 bytes", "§5.5", frame(0x8a, payload(126)))
                .forbids("a Close of 126 bytes", "§5.5", frame(0x88, payload(126)))
                .forbids("a Ping of 65,536 bytes", "§5.5", frame(0x89, payload(65_536)))
                .forbids("a length with the top bit set", "§5.2", announcing(Long.MIN_VALUE, 10))
                .forbids("a length of ones only", "§5.2", announcing(-1, 10))
                .forbids("a Close of one byte", "§5.5.1", frame(0x88, new byte[] {3}))
                .forbids("a short Ping with a length of 16 bits", "§5.5", withLengthOf(2, 0x89, payload(126)))
                .forbids("a length of 16 bits where 7 do", "§5.2", withLengthOf(2, 0x82, payload(125)))
                .forbids("a length of 64 bits where 7 do", "§5.2", withLengthOf(8, 0x82, payload(1)))
                .forbids("a length of 64 bits where 16 do", "§5.2", withLengthOf(8, 0x82, payload(65_535)));
    }
}
