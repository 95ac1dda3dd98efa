// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.wire;

import static dev.wsroute.proxy.wire.Head.REQUEST;

import java.util.List;

/** Requests that open no tunnel: refused by the proxy, or no handshakes at all. */
final class HandshakesRefused {

    private static final String BAD = "400 Bad Request";
    private static final String MALFORMED = "The request is malformed.";
    private static final String TARGET = "The request target is malformed.";
    private static final String SMUGGLED = "GET /internal HTTP/1.1\r\nHost: server.example.com\r\n\r\n";

    private HandshakesRefused() {}

    static List<HandshakeCase> cases() {
        HandshakeTable table = new HandshakeTable();
        methods(table);
        versions(table);
        keys(table);
        bodies(table);
        hosts(table);
        targets(table);
        requestLines(table);
        syntax(table);
        noHandshakes(table);
        return table.cases();
    }

    private static void methods(HandshakeTable table) {
        for (String method : List.of("POST", "PUT", "OPTIONS", "PROPFIND", "PATCH")) {
            table.refuses(
                    "method " + method,
                    "RFC 6455 §4.2.1",
                    REQUEST.first(method + " /chat HTTP/1.1"),
                    BAD,
                    "A WebSocket handshake must be a GET request.");
        }
        for (String method : List.of("get", "Get", "connect", "Trace", "oPTIONS")) {
            table.refuses(
                    "method " + method,
                    "RFC 9110 §9.1",
                    REQUEST.first(method + " /chat HTTP/1.1"),
                    "501 Not Implemented",
                    "The method is not supported; method names are case-sensitive.");
        }
        table.refuses(
                        "CONNECT",
                        "RFC 9110 §9.3.6",
                        REQUEST.first("CONNECT server.example.com:443 HTTP/1.1"),
                        "405 Method Not Allowed",
                        "The method is not allowed.")
                .refuses(
                        "TRACE",
                        "RFC 9110 §9.3.8",
                        REQUEST.first("TRACE /chat HTTP/1.1"),
                        "405 Method Not Allowed",
                        "The method is not allowed.");
    }

    private static void versions(HandshakeTable table) {
        for (String version : List.of("12", "8", "0", "013", "13, 8", "1337", "13.0", "+13")) {
            otherVersion(
                    table,
                    "version " + version,
                    REQUEST.replace("Sec-WebSocket-Version", "Sec-WebSocket-Version: " + version));
        }
        otherVersion(table, "no version", REQUEST.without("Sec-WebSocket-Version"));
        otherVersion(table, "an empty version", REQUEST.replace("Sec-WebSocket-Version", "Sec-WebSocket-Version:"));
        otherVersion(table, "two versions", REQUEST.with("Sec-WebSocket-Version: 8"));
        otherVersion(
                table,
                "a request hidden behind a bad version",
                REQUEST.replace("Sec-WebSocket-Version", "Sec-WebSocket-Version: 777"));
        table.behind(SMUGGLED);
    }

    private static void otherVersion(HandshakeTable table, String name, Head sent) {
        String sentence = "Only version 13 of the WebSocket protocol is supported.";
        Head head = HandshakeTable.refusal("426 Upgrade Required", sentence)
                .with("Sec-WebSocket-Version: 13", "Upgrade: websocket", "Connection: Upgrade", "Connection: close");
        table.add(new HandshakeCase(
                name,
                "RFC 6455 §4.4",
                sent.text(),
                "",
                null,
                "",
                head.text() + sentence + "\n",
                HandshakeCase.Ending.CLOSED));
    }

    private static void keys(HandshakeTable table) {
        String sentence = "The Sec-WebSocket-Key header is malformed.";
        for (String key : List.of(
                "",
                "c2hvcnQ=",
                "not base64 at all!!!!!!!",
                "AAAAAAAAAAAAAAAAAAAAAAAAAA==",
                "dGhlIHNhbXBsZSBub25jZQ",
                "dGhlIHNhbXBsZSBub25jZQ=",
                "dGhlIHNhbXBsZSBub25j____",
                "=====================dGh")) {
            table.refuses(
                    "key <" + key + ">",
                    "RFC 6455 §4.2.1",
                    REQUEST.replace("Sec-WebSocket-Key", "Sec-WebSocket-Key: " + key),
                    BAD,
                    sentence);
        }
        table.refuses("no key", "RFC 6455 §4.2.1", REQUEST.without("Sec-WebSocket-Key"), BAD, sentence)
                .refuses(
                        "two keys",
                        "RFC 6455 §11.3.1",
                        REQUEST.with("Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="),
                        BAD,
                        sentence);
    }

    private static void bodies(HandshakeTable table) {
        table.refuses(
                        "a body of given length",
                        "RFC 6455 §4.1",
                        REQUEST.with("Content-Length: 3"),
                        BAD,
                        "A WebSocket handshake must not have a body.")
                .behind("abc")
                .refuses(
                        "a chunked body",
                        "RFC 6455 §4.1",
                        REQUEST.with("Transfer-Encoding: chunked"),
                        BAD,
                        "A WebSocket handshake must not have a body.")
                .behind("3\r\nabc\r\n0\r\n\r\n")
                .refuses(
                        "Content-Length and Transfer-Encoding",
                        "RFC 9112 §6.1",
                        REQUEST.with("Content-Length: 3", "Transfer-Encoding: chunked"),
                        BAD,
                        MALFORMED)
                .behind("0\r\n\r\n")
                .refuses(
                        "two lengths",
                        "RFC 9112 §6.3",
                        REQUEST.with("Content-Length: 0", "Content-Length: 5"),
                        BAD,
                        MALFORMED)
                .refuses(
                        "a length that is no number",
                        "RFC 9112 §6.3",
                        REQUEST.with("Content-Length: 0x0"),
                        BAD,
                        MALFORMED)
                .refuses(
                        "another transfer coding",
                        "RFC 9112 §6.1",
                        REQUEST.with("Transfer-Encoding: gzip, chunked"),
                        BAD,
                        "The only supported Transfer-Encoding is chunked.");
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
        for (String target : List.of(
                "chat",
                "*",
                "/a#b",
                "?a",
                "https://server.example.com/chat",
                "wss://server.example.com/chat",
                "ftp://a/")) {
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

    private static void noHandshakes(HandshakeTable table) {
        Head plain = Head.of("GET /chat HTTP/1.1").with("Host: a");
        Head keys = plain.with("Sec-WebSocket-Key: " + Head.KEY, "Sec-WebSocket-Version: 13");
        table.isPlain(
                        "Upgrade to h2c, CVE-2026-73548",
                        "RFC 9110 §7.8",
                        plain.with(
                                "Upgrade: h2c",
                                "Connection: Upgrade, HTTP2-Settings",
                                "HTTP2-Settings: AAMAAABkAAQAAP__"),
                        plain)
                .isPlain(
                        "Upgrade to a version of websocket",
                        "RFC 9110 §7.8",
                        keys.with("Upgrade: websocket/13", "Connection: Upgrade"),
                        keys)
                .isPlain(
                        "Upgrade to what only begins like websocket",
                        "RFC 6455 §4.2.1",
                        keys.with("Upgrade: websocketx", "Connection: Upgrade"),
                        keys)
                .isPlain("Upgrade without Connection", "RFC 9110 §7.8", keys.with("Upgrade: websocket"), keys)
                .isPlain("Connection without Upgrade", "RFC 6455 §4.2.1", keys.with("Connection: Upgrade"), keys)
                .isPlain("no upgrade at all", "RFC 9110 §7.8", plain, plain)
                .isPlain(
                        "Connection that lists another",
                        "RFC 9110 §7.6.1",
                        keys.with("Upgrade: websocket", "Connection: keep-alive"),
                        keys);
    }
}
