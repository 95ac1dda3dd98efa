// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.wire;

import static dev.wsroute.proxy.wire.Head.ACCEPT;
import static dev.wsroute.proxy.wire.Head.SWITCHED;
import static dev.wsroute.proxy.wire.Head.SWITCHING;

import java.util.List;

/** 101s of imperfect backends, and whether they open a tunnel: rows of docs/compatibility.md. */
final class ImperfectSwitches {

    private static final String SECTION = "RFC 6455 §4.1";

    private static final String UPGRADE = "The backend's 101 has no Upgrade: websocket.";
    private static final String CONNECTION = "The backend's 101 has no Connection: Upgrade.";
    private static final String WRONG_ACCEPT = "The backend's 101 has a wrong Sec-WebSocket-Accept.";

    private ImperfectSwitches() {}

    static List<HandshakeCase> cases() {
        HandshakeTable table = new HandshakeTable();
        lines(table);
        headers(table);
        accepts(table);
        return table.cases();
    }

    private static void lines(HandshakeTable table) {
        table.switches(
                        "a 101 whose lines end in LF",
                        "RFC 9112 §2.2",
                        SWITCHING.text().replace("\r\n", "\n"),
                        SWITCHED)
                .switches(
                        "a 101 with LF behind one of its lines",
                        "RFC 9112 §2.2",
                        SWITCHING.text().replace("websocket\r\n", "websocket\n"),
                        SWITCHED)
                .breaks(
                        "a 101 with a folded header line",
                        "RFC 9112 §5.2",
                        SWITCHING.with("X-A: a\r\n b"),
                        HandshakeTable.malformed("a header line is folded"))
                .switches(
                        "a 101 of HTTP/1.0",
                        "RFC 9110 §7.8",
                        SWITCHING.first("HTTP/1.0 101 Switching Protocols"),
                        SWITCHED);
    }

    private static void headers(HandshakeTable table) {
        table.switches(
                        "a 101 with Upgrade: WebSocket",
                        SECTION,
                        SWITCHING.replace("Upgrade", "Upgrade: WebSocket"),
                        SWITCHED)
                .switches("a 101 that repeats Upgrade", SECTION, SWITCHING.with("Upgrade: WebSocket"), SWITCHED)
                .switches(
                        "a 101 with Upgrade: websocket, websocket",
                        SECTION,
                        SWITCHING.replace("Upgrade", "Upgrade: websocket, websocket"),
                        SWITCHED)
                .breaks("a 101 with a second Upgrade: h2c", SECTION, SWITCHING.with("Upgrade: h2c"), UPGRADE)
                .breaks(
                        "a 101 with Upgrade: websocket, h2c",
                        SECTION,
                        SWITCHING.replace("Upgrade", "Upgrade: websocket, h2c"),
                        UPGRADE)
                .breaks("a 101 with Upgrade: h2c", SECTION, SWITCHING.replace("Upgrade", "Upgrade: h2c"), UPGRADE)
                .breaks("a 101 without Upgrade", SECTION, SWITCHING.without("Upgrade"), UPGRADE)
                .breaks("a 101 without Connection", SECTION, SWITCHING.without("Connection"), CONNECTION)
                .breaks(
                        "a 101 with Connection: keep-alive",
                        SECTION,
                        SWITCHING.replace("Connection", "Connection: keep-alive"),
                        CONNECTION);
    }

    private static void accepts(HandshakeTable table) {
        table.breaks(
                        "a 101 with a wrong Sec-WebSocket-Accept",
                        SECTION,
                        SWITCHING.replace("Sec-WebSocket-Accept", "Sec-WebSocket-Accept: " + "A".repeat(27) + "="),
                        WRONG_ACCEPT)
                .breaks(
                        "a 101 without Sec-WebSocket-Accept",
                        SECTION,
                        SWITCHING.without("Sec-WebSocket-Accept"),
                        WRONG_ACCEPT)
                .breaks(
                        "a 101 that repeats Sec-WebSocket-Accept",
                        "RFC 6455 §11.3.3",
                        SWITCHING.with("Sec-WebSocket-Accept: " + ACCEPT),
                        WRONG_ACCEPT);
    }
}
