// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.wire;

import static dev.wsroute.proxy.wire.Head.REQUEST;

import java.util.List;

/** Handshakes whose head is malformed: host, target, request line or syntax. */
final class MalformedHandshakes {

    private static final String BAD = "400 Bad Request";
    private static final String MALFORMED = "The request is malformed.";
    private static final String TARGET = "The request target is malformed.";

    private MalformedHandshakes() {}

    static List<HandshakeCase> cases() {
        HandshakeTable table = new HandshakeTable();
        hosts(table);
        targets(table);
        requestLines(table);
        syntax(table);
        return table.cases();
    }

    private static void hosts(HandshakeTable table) {
        table.refuses("no Host", "RFC 9112 §3.2", REQUEST.without("Host"), BAD, "Exactly one Host header is required.")
                .refuses(
                        "two Hosts",
                        "RFC 9112 §3.2",
                        REQUEST.with("Host: server.example.com"),
                        BAD,
                        "Exactly one Host header is required.");
        for (String host : List.of(
                "a, b",
                "a/b",
                "user@a",
                "a:80:80",
                "a:http",
                "[::1",
                "::1",
                "[::1]x",
                "a b",
                "a?b",
                "a#b",
                "\u00e9.example")) {
            table.refuses(
                    "Host: " + host,
                    "RFC 9110 §7.2",
                    REQUEST.replace("Host", "Host: " + host),
                    BAD,
                    "The Host header is malformed.");
        }
    }

    private static void targets(HandshakeTable table) {
        for (String target : List.of("chat", "*", "/a#b", "?a", "ftp://a/")) {
            table.refuses(
                    "target " + target, "RFC 9112 §3.2", REQUEST.first("GET " + target + " HTTP/1.1"), BAD, TARGET);
        }
        table.refuses(
                "target http://",
                "RFC 9112 §3.2.2",
                REQUEST.first("GET http:// HTTP/1.1"),
                BAD,
                "The request target does not match the Host header.");
    }

    private static void requestLines(HandshakeTable table) {
        for (String line : List.of(
                "GET  /chat HTTP/1.1",
                "GET /chat  HTTP/1.1",
                "GET\t/chat HTTP/1.1",
                "GET /chat\tHTTP/1.1",
                "GET\u000b/chat HTTP/1.1",
                "GET /chat\fHTTP/1.1",
                "GET\r/chat HTTP/1.1",
                "GET /chat\rHTTP/1.1",
                "GET /chat HTTP/1.1 ",
                "GET /chat HTTP/1.1\t",
                "GET /chat HTTP/1.1\r",
                "GET /chat HTTP/1.1\u0000",
                "GET /chat\u0000 HTTP/1.1",
                "GET /ch\u007fat HTTP/1.1",
                "GET /chat x HTTP/1.1",
                "GET /chat http/1.1",
                "GET /chat HTTP/1,1",
                "GET /chat HTTP/01.1",
                "GET /chat HTTP/1.01",
                "GET /chat HTTP/1.1x",
                "GET /chat HTTP/ 1.1",
                "GET /chat HTTPS/1.1",
                "GET /chat",
                "GET",
                "GET  HTTP/1.1",
                " GET /chat HTTP/1.1",
                "\tGET /chat HTTP/1.1",
                "\u0000GET /chat HTTP/1.1",
                "G(T /chat HTTP/1.1",
                "\r\n GET /chat HTTP/1.1",
                "\nGET /chat HTTP/1.1",
                "\rGET /chat HTTP/1.1")) {
            table.refuses("the line <" + Head.shown(line) + ">", "RFC 9112 §3", REQUEST.first(line), BAD, MALFORMED);
        }
    }

    private static void syntax(HandshakeTable table) {
        table.refuses(
                        "a request that has passed 16 of these proxies",
                        "RFC 8586 §2",
                        REQUEST.with("CDN-Loop: a" + ", wsroute-x".repeat(16)),
                        "508 Loop Detected",
                        "Loop detected: the request has passed too many proxies.")
                .refuses(
                        "HTTP/1.2",
                        "RFC 9110 §2.5",
                        REQUEST.first("GET /chat HTTP/1.2"),
                        "505 HTTP Version Not Supported",
                        "Only HTTP/1.1 and HTTP/1.0 are supported.")
                .refuses(
                        "the preface of HTTP/2",
                        "RFC 9113 §3.4",
                        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                        "505 HTTP Version Not Supported",
                        "Only HTTP/1.1 and HTTP/1.0 are supported.")
                .refuses("a space before the colon", "RFC 9112 §5.1", REQUEST.with("X-Name : a"), BAD, MALFORMED)
                .refuses("a tab before the colon", "RFC 9112 §5.1", REQUEST.with("X-Name\t: a"), BAD, MALFORMED)
                .refuses("a folded header", "RFC 9112 §5.2", REQUEST.with("X-Name: a\r\n b"), BAD, MALFORMED)
                .refuses("an empty folded line", "RFC 9112 §5.2", REQUEST.with("X-Name: a\r\n\t"), BAD, MALFORMED)
                .refuses("a blank first header", "RFC 9112 §2.2", REQUEST.replace("Host", " Host: a"), BAD, MALFORMED)
                .refuses("a CR in a value", "RFC 9110 §5.5", REQUEST.with("X-Name: a\rb"), BAD, MALFORMED)
                .refuses("a CR at the end of a value", "RFC 9110 §5.5", REQUEST.with("X-Name: a\r"), BAD, MALFORMED)
                .refuses("a form feed in a value", "RFC 9110 §5.5", REQUEST.with("X-Name: a\fb"), BAD, MALFORMED)
                .refuses("a header ended by LF alone", "RFC 9112 §2.2", REQUEST.with("X-Name: a\nX: b"), BAD, MALFORMED)
                .refuses(
                        "a head ended by LF alone",
                        "RFC 9112 §2.2",
                        REQUEST.text().replaceFirst("\r\n$", "\n"),
                        BAD,
                        MALFORMED)
                .refuses(
                        "more empty lines than anybody needs",
                        "RFC 9112 §2.2",
                        "\r\n".repeat(9) + REQUEST.text(),
                        BAD,
                        MALFORMED)
                .refuses("a header without colon", "RFC 9112 §5", REQUEST.with("nocolon"), BAD, MALFORMED)
                .refuses("a header without name", "RFC 9112 §5", REQUEST.with(": a"), BAD, MALFORMED)
                .refuses("a NUL in a value", "RFC 9110 §5.5", REQUEST.with("X-Name: a\u0000b"), BAD, MALFORMED)
                .refuses(
                        "a line ended by LF alone",
                        "RFC 9112 §2.2",
                        "GET /chat HTTP/1.1\n" + REQUEST.text(),
                        BAD,
                        MALFORMED)
                .refuses(
                        "the PROXY protocol from a stranger, CVE-2024-23327",
                        "RFC 9112 §3",
                        "PROXY TCP4 6.6.6.6 1.1.1.1 1 2\r\n" + REQUEST.text(),
                        BAD,
                        MALFORMED)
                .refuses(
                        "version 2 of the PROXY protocol from a stranger, CVE-2024-23327",
                        "RFC 9112 §3",
                        "\r\n\r\n\u0000\r\nQUIT\n\u0021\u0011\u0000\u000c\u0006\u0006\u0006\u0006\u0001\u0001\u0001\u0001\u0000\u0001\u0000\u0050"
                                + REQUEST.text(),
                        BAD,
                        MALFORMED)
                .refuses(
                        "the keys of an old draft",
                        "RFC 6455 §4.2.1",
                        REQUEST.with("Sec-WebSocket-Key1: 1", "Sec-WebSocket-Key2: 2"),
                        BAD,
                        "This draft of the WebSocket protocol is not supported.")
                .behind("GET /x H");
    }
}
