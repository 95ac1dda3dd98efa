// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.wire;

import static dev.wsroute.proxy.wire.Head.ACCEPT;
import static dev.wsroute.proxy.wire.Head.SWITCHED;
import static dev.wsroute.proxy.wire.Head.SWITCHING;

import java.util.List;
import java.util.Locale;

/** Responses of backends to a handshake: valid and broken 101s, and refusals. */
final class Answers {

    private static final String UPGRADE = "The backend's 101 has no Upgrade: websocket.";
    private static final String CONNECTION = "The backend's 101 has no Connection: Upgrade.";
    private static final String WRONG_ACCEPT = "The backend's 101 has a wrong Sec-WebSocket-Accept.";
    private static final String PROTOCOL = "The backend's 101 chooses a subprotocol that was not offered.";
    private static final String EXTENSION = "The backend's 101 chooses an extension that was not offered.";
    private static final String STATUS_LINE = HandshakeTable.malformed("the status line is malformed");
    private static final String NO_LINE = HandshakeTable.malformed("it is not HTTP");
    private static final String CODING =
            HandshakeTable.malformed("Transfer-Encoding is not chunked, or the version is not HTTP/1.1");

    private Answers() {}

    static List<HandshakeCase> cases() {
        HandshakeTable table = new HandshakeTable();
        switches(table);
        broken(table);
        unreadable(table);
        statusLines(table);
        codings(table);
        refusals(table);
        return table.cases();
    }

    private static void switches(HandshakeTable table) {
        Head moved = Head.of("HTTP/1.1 101 Switching Protocols");
        String accept = "Sec-WebSocket-Accept: " + ACCEPT;
        table.switches(
                        "all in lower case",
                        "RFC 6455 §4.1",
                        moved.with("upgrade: websocket", "connection: upgrade", "sec-websocket-accept: " + ACCEPT),
                        moved.with("sec-websocket-accept: " + ACCEPT, "Upgrade: websocket", "Connection: Upgrade"))
                .switches(
                        "tokens in capitals",
                        "RFC 6455 §4.1",
                        moved.with("Upgrade: WEBSOCKET", "Connection: UPGRADE", accept),
                        SWITCHED)
                .switches(
                        "Connection as a list",
                        "RFC 9110 §7.6.1",
                        moved.with("Upgrade: websocket", "Connection: keep-alive, Upgrade", accept),
                        SWITCHED)
                .switches(
                        "another reason",
                        "RFC 9112 §4",
                        SWITCHING.first("HTTP/1.1 101 Web Socket Protocol Handshake"),
                        SWITCHED)
                .switches("no reason", "RFC 9112 §4", SWITCHING.first("HTTP/1.1 101 "), SWITCHED)
                .switches(
                        "other headers pass",
                        "RFC 9110 §5.3",
                        SWITCHING.with("Set-Cookie: a=1", "Server: x", "Set-Cookie: b=2"),
                        moved.with(
                                accept,
                                "Set-Cookie: a=1",
                                "Server: x",
                                "Set-Cookie: b=2",
                                "Upgrade: websocket",
                                "Connection: Upgrade"))
                .switches(
                        "hop-by-hop headers stay behind",
                        "RFC 9110 §7.6.1",
                        SWITCHING
                                .replace("Connection", "Connection: Upgrade, X-Hop")
                                .with("Keep-Alive: timeout=5", "X-Hop: 1"),
                        SWITCHED)
                .switches(
                        "a length of nothing is dropped",
                        "RFC 9110 §8.6",
                        SWITCHING.with("Content-Length: 0"),
                        SWITCHED)
                .switches(
                        "spaces around the key's answer",
                        "RFC 9112 §5.1",
                        SWITCHING.replace("Sec-WebSocket-Accept", "Sec-WebSocket-Accept:   " + ACCEPT + " \t"),
                        SWITCHED);
        for (String interim : List.of("100 Continue", "102 Processing", "103 Early Hints")) {
            Head first = Head.of("HTTP/1.1 " + interim).with("Link: </a>");
            table.switches(
                    interim + " before",
                    "RFC 9110 §15.2",
                    new Head(List.of(first.text() + SWITCHING.lines().get(0)))
                            .with(SWITCHING.lines().subList(1, 4).toArray(String[]::new)),
                    SWITCHED);
        }
    }

    private static void broken(HandshakeTable table) {
        String accept = "Sec-WebSocket-Accept";
        table.breaks("no Upgrade", "RFC 6455 §4.1", SWITCHING.without("Upgrade"), UPGRADE)
                .breaks("another Upgrade", "RFC 6455 §4.1", SWITCHING.replace("Upgrade", "Upgrade: h2c"), UPGRADE)
                .breaks(
                        "Upgrade as a list",
                        "RFC 6455 §4.1",
                        SWITCHING.replace("Upgrade", "Upgrade: websocket, h2c"),
                        UPGRADE)
                .breaks("no Connection", "RFC 6455 §4.1", SWITCHING.without("Connection"), CONNECTION)
                .breaks(
                        "Connection without upgrade",
                        "RFC 6455 §4.1",
                        SWITCHING.replace("Connection", "Connection: keep-alive"),
                        CONNECTION)
                .breaks("no " + accept, "RFC 6455 §4.1", SWITCHING.without(accept), WRONG_ACCEPT)
                .breaks(
                        "a wrong " + accept,
                        "RFC 6455 §4.1",
                        SWITCHING.replace(accept, accept + ": AAAAAAAAAAAAAAAAAAAAAAAAAAA="),
                        WRONG_ACCEPT)
                .breaks(
                        "the key for " + accept,
                        "RFC 6455 §4.1",
                        SWITCHING.replace(accept, accept + ": " + Head.KEY),
                        WRONG_ACCEPT)
                .breaks(
                        accept + " in another case",
                        "RFC 6455 §4.1",
                        SWITCHING.replace(accept, accept + ": " + ACCEPT.toLowerCase(Locale.ROOT)),
                        WRONG_ACCEPT)
                .breaks("two times " + accept, "RFC 6455 §11.3.3", SWITCHING.with(accept + ": " + ACCEPT), WRONG_ACCEPT)
                .breaks("an empty " + accept, "RFC 6455 §4.1", SWITCHING.replace(accept, accept + ":"), WRONG_ACCEPT)
                .breaks(
                        "a subprotocol that was not offered",
                        "RFC 6455 §4.1",
                        SWITCHING.with("Sec-WebSocket-Protocol: chat"),
                        PROTOCOL)
                .breaks(
                        "two subprotocols",
                        "RFC 6455 §4.1",
                        SWITCHING.with("Sec-WebSocket-Protocol: a", "Sec-WebSocket-Protocol: b"),
                        PROTOCOL)
                .breaks(
                        "an extension that was not offered",
                        "RFC 6455 §4.1",
                        SWITCHING.with("Sec-WebSocket-Extensions: permessage-deflate"),
                        EXTENSION);
    }

    private static void statusLines(HandshakeTable table) {
        for (String line : List.of(
                "HTTP/1.1 000 None",
                "HTTP/1.1 099 Less",
                "HTTP/1.1 20 Short",
                "HTTP/1.1 200OK",
                "HTTP/1.1200 OK",
                "HTTP/1.1",
                "HTTP/1.1 ",
                "http/1.1 200 OK",
                "HTTP/2x0 200 OK",
                "HTTP/1",
                "HTTP/1.1 200 a\u0000b",
                "HTTP/1.1 200 a\u001b[2Jb",
                "HTTP/1.1 200 a\u007fb",
                "HTTP/1.1 200 a\rb",
                "HTTP/1.1 200 a\u000bb",
                "HTTP/1.1\u000b200 OK",
                " HTTP/1.1 200 OK")) {
            String answer = line + "\r\nContent-Length: 0\r\n\r\n";
            String fault = line.startsWith(" ") ? NO_LINE : STATUS_LINE;
            table.breaks("the line <" + Head.shown(line) + ">", "RFC 9112 §4", answer, fault);
        }
        for (String line :
                List.of("HTTP/1.1 999 Own", "HTTP/1.1 200 J\u00f6rg", "HTTP/1.1 200 a\tb", "HTTP/1.1 404 ")) {
            table.relays(
                    "the line <" + Head.shown(line) + "> passes",
                    "RFC 9112 §4",
                    line + "\r\nContent-Length: 2\r\n\r\nno",
                    line + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
        }
        table.breaks(
                        "a folded header",
                        "RFC 9112 §5.2",
                        SWITCHING.with("X-Name: a\r\n b"),
                        HandshakeTable.malformed("a header line is folded"))
                .relays(
                        "a status without reason, nor a blank for it, passes",
                        "RFC 9112 §4",
                        "HTTP/1.1 404\r\nContent-Length: 2\r\n\r\nno",
                        "HTTP/1.1 404 \r\nContent-Length: 2\r\nConnection: close\r\n\r\nno")
                .relays(
                        "a blank before a colon is taken away",
                        "RFC 9112 §5.1",
                        "HTTP/1.1 404 No\r\nX-Name : a\r\nContent-Length: 2\r\n\r\nno",
                        "HTTP/1.1 404 No\r\nX-Name: a\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
    }

    private static void codings(HandshakeTable table) {
        for (String coding : List.of(
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: gzip\r\nContent-Length: 5",
                "Transfer-Encoding: identity\r\nContent-Length: 5",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: xchunked\r\nContent-Length: 5",
                "Transfer-Encoding: chunked;q=1\r\nContent-Length: 5",
                "Transfer-Encoding: \"chunked\"\r\nContent-Length: 5",
                "Transfer-Encoding:\r\nContent-Length: 5")) {
            for (String status : List.of("200 OK", "204 No Content", "304 Not Modified")) {
                table.breaks(
                        status + " with " + Head.shown(coding),
                        "RFC 9112 §6.1",
                        "HTTP/1.1 " + status + "\r\n" + coding + "\r\n\r\n0\r\n\r\n",
                        CODING);
            }
        }
        table.breaks(
                        "chunked in HTTP/1.0",
                        "RFC 9112 §6.1",
                        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        CODING)
                .relays(
                        "chunked in capitals",
                        "RFC 9112 §7",
                        "HTTP/1.1 403 No\r\nTransfer-Encoding: CHUNKED\r\n\r\n2\r\nno\r\n0\r\n\r\n",
                        "HTTP/1.1 403 No\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nno")
                .relays(
                        "framing stays out of a response without a body",
                        "RFC 9112 §6.1",
                        "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
                        "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
                .breaks(
                        "interim responses without end",
                        "RFC 9110 §15.2",
                        "HTTP/1.1 102 Processing\r\n\r\n".repeat(101),
                        HandshakeTable.malformed("it has too many interim responses"))
                .breaks(
                        "headers without end",
                        "RFC 9110 §5.4",
                        "HTTP/1.1 200 OK\r\n" + "a:\r\n".repeat(1001),
                        HandshakeTable.malformed("it has too many headers"));
    }

    private static void unreadable(HandshakeTable table) {
        table.breaks("nonsense", "RFC 9112 §4", "nonsense\r\n\r\n", STATUS_LINE)
                .breaks("a status that is no number", "RFC 9112 §4", "HTTP/1.1 abc Fine\r\n\r\n", STATUS_LINE)
                .breaks("a status of four digits", "RFC 9112 §4", SWITCHING.first("HTTP/1.1 0101 OK"), STATUS_LINE)
                .breaks("a status with a sign", "RFC 9112 §4", SWITCHING.first("HTTP/1.1 +101 OK"), STATUS_LINE)
                .breaks("frames instead of a head", "RFC 6455 §4.1", "\u0081\u0005Hello\r\n\r\n", NO_LINE)
                .breaks(
                        "two lengths",
                        "RFC 9112 §6.3",
                        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                        HandshakeTable.malformed("it has more than one Content-Length"));
    }

    private static void refusals(HandshakeTable table) {
        for (String status : List.of(
                "200 OK",
                "201 Created",
                "299 Nearly",
                "301 Moved Permanently",
                "302 Found",
                "400 Bad Request",
                "401 Unauthorized",
                "403 Forbidden",
                "404 Not Found",
                "429 Too Many Requests",
                "500 Internal Server Error",
                "503 Service Unavailable",
                "599 Own Words")) {
            Head head = Head.of("HTTP/1.1 " + status)
                    .with("Location: /elsewhere", "Retry-After: 7", "WWW-Authenticate: Basic", "Content-Length: 5");
            String name = status.startsWith("2") ? " is no 101, CVE-2024-23326" : " passes";
            table.relays(
                            status + name,
                            "RFC 6455 §4.1",
                            head.text() + "words",
                            head.with("Connection: close").text() + "words")
                    .behind("GET /internal HTTP/1.1\r\nHost: a\r\n\r\n");
        }
        Head chunked = Head.of("HTTP/1.1 403 Forbidden").with("Transfer-Encoding: chunked");
        Head without = Head.of("HTTP/1.1 204 No Content").with("X-Why: not");
        Head upgrading = Head.of("HTTP/1.1 200 OK")
                .with(SWITCHING.lines().subList(1, 4).toArray(String[]::new))
                .with("Content-Length: 2");
        Head other = Head.of("HTTP/1.1 426 Upgrade Required")
                .with("Upgrade: foo/2", "Connection: Upgrade", "Content-Length: 0");
        table.relays(
                        "a chunked refusal passes",
                        "RFC 9112 §7.1",
                        chunked.text() + "3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n",
                        Head.of("HTTP/1.1 403 Forbidden")
                                        .with("Transfer-Encoding: chunked", "Connection: close")
                                        .text() + "abcdefg")
                .relays(
                        "204 passes",
                        "RFC 9110 §15.3.5",
                        without.text(),
                        without.with("Connection: close").text())
                .relays(
                        "200 with all the headers of a 101",
                        "RFC 6455 §4.1",
                        upgrading.text() + "ok",
                        Head.of("HTTP/1.1 200 OK")
                                        .with(
                                                "Sec-WebSocket-Accept: " + ACCEPT,
                                                "Content-Length: 2",
                                                "Connection: close")
                                        .text()
                                + "ok")
                .relays(
                        "426 says what to upgrade to",
                        "RFC 9110 §15.5.22",
                        other.text(),
                        Head.of("HTTP/1.1 426 Upgrade Required")
                                .with("Content-Length: 0", "Upgrade: foo/2", "Connection: close")
                                .text())
                .relays(
                        "a refusal after an interim response",
                        "RFC 9110 §15.2",
                        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 403 Forbidden\r\nContent-Length:"
                                + " 2\r\n\r\nno",
                        "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
    }
}
