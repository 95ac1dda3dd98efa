// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.wire;

import static dev.wsroute.proxy.wire.Head.REQUEST;

import java.util.List;

/** Requests that open no tunnel: well-formed ones that the proxy refuses, or no handshakes at all. */
final class HandshakesRefused {

    private static final String BAD = "400 Bad Request";
    private static final String MALFORMED = "The request is malformed.";
    private static final String SMUGGLED = "GET /internal HTTP/1.1\r\nHost: server.example.com\r\n\r\n";

    private HandshakesRefused() {}

    static List<HandshakeCase> cases() {
        HandshakeTable table = new HandshakeTable();
        methods(table);
        versions(table);
        keys(table);
        bodies(table);
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
