// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.wire;

import static dev.wsroute.proxy.wire.Head.REQUEST;
import static dev.wsroute.proxy.wire.Head.SWITCHED;
import static dev.wsroute.proxy.wire.Head.SWITCHING;

import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.wire.HandshakeCase.Ending;
import dev.wsroute.testkit.Secrets;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Requests that open a tunnel, and how their headers are changed. */
final class HandshakesThatOpen {

    private HandshakesThatOpen() {}

    static List<HandshakeCase> cases() {
        HandshakeTable table = new HandshakeTable();
        tokens(table);
        headers(table);
        claims(table);
        hosts(table);
        targets(table);
        offers(table);
        early(table);
        return table.cases();
    }

    private static void tokens(HandshakeTable table) {
        table.opens("the plainest handshake", "RFC 6455 §1.3", head -> head)
                .opens(
                        "Upgrade in another case",
                        "RFC 6455 §4.2.1",
                        head -> head.replace("Upgrade", "Upgrade: WebSocket"))
                .opens("Upgrade in capitals", "RFC 6455 §4.2.1", head -> head.replace("Upgrade", "Upgrade: WEBSOCKET"))
                .opens(
                        "Connection in lower case",
                        "RFC 6455 §4.2.1",
                        head -> head.replace("Connection", "Connection: upgrade"))
                .opens(
                        "Connection as a list",
                        "RFC 9110 §7.6.1",
                        head -> head.replace("Connection", "Connection: keep-alive, Upgrade"))
                .opens(
                        "Connection as a list without spaces",
                        "RFC 9110 §5.6.1",
                        head -> head.replace("Connection", "Connection: keep-alive,Upgrade,foo"))
                .opens(
                        "Connection with empty members",
                        "RFC 9110 §5.6.1",
                        head -> head.replace("Connection", "Connection: , Upgrade,,"))
                .opens(
                        "Connection in two lines",
                        "RFC 9110 §5.3",
                        head -> head.replace("Connection", "Connection: keep-alive", "Connection: Upgrade"))
                .opens("Upgrade as a list", "RFC 9110 §7.8", head -> head.replace("Upgrade", "Upgrade: h2c, websocket"))
                .opens(
                        "Upgrade in two lines",
                        "RFC 9110 §5.3",
                        head -> head.replace("Upgrade", "Upgrade: foo", "Upgrade: websocket"))
                .opens(
                        "header names in capitals",
                        "RFC 9110 §5.1",
                        head -> head.replace("Upgrade", "UPGRADE: websocket")
                                .replace("Connection", "CONNECTION: Upgrade"));
    }

    private static void headers(HandshakeTable table) {
        String[] endToEnd = {
            "Origin: https://a.example",
            "Cookie: a=1; b=" + Secrets.of("cookie of a session"),
            "Cookie: c=3",
            "Authorization: Bearer " + Secrets.of("opaque token"),
            "User-Agent: wire/1 (test)",
            "accept-LANGUAGE: de",
            "X-Twice: 1",
            "X-Other: x",
            "X-Twice: 2",
            "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "tracestate: a=b,c=d"
        };
        table.opens("end-to-end headers pass in their order", "RFC 9110 §5.3", head -> head.with(endToEnd))
                .opens(
                        "an empty header passes",
                        "RFC 9110 §5.5",
                        head -> head.with("X-Empty:"),
                        head -> head.with("X-Empty: "))
                .opens("bytes beyond ASCII pass", "RFC 9110 §5.5", head -> head.with("X-Name: J\u00f6rg \u00e9\u00ff"))
                .opens(
                        "spaces around values are not part of them",
                        "RFC 9112 §5.1",
                        head -> head.replace("Upgrade", "Upgrade: \t websocket \t")
                                .with("X-Spaced:   a b\t"),
                        head -> head.with("X-Spaced: a b"))
                .opens(
                        "no space behind the colon",
                        "RFC 9112 §5.1",
                        head -> head.replace("Upgrade", "Upgrade:websocket").with("X-Tight:a"),
                        head -> head.with("X-Tight: a"))
                .opens("a length of nothing is no body", "RFC 9112 §6.3", head -> head.with("Content-Length: 0"))
                .opens(
                        "hop-by-hop headers stay behind",
                        "RFC 9110 §7.6.1",
                        head -> head.with(
                                "Keep-Alive: timeout=5",
                                "TE: trailers",
                                "Proxy-Connection: keep-alive",
                                "Proxy-Authorization: Basic " + Secrets.of("proxy's password")),
                        head -> head)
                .opens(
                        "what Connection lists stays behind",
                        "RFC 9110 §7.6.1",
                        head -> head.replace("Connection", "Connection: Upgrade, X-Hop")
                                .with("X-Hop: 1", "X-End: 2"),
                        head -> head.with("X-End: 2"))
                .opens(
                        "Connection can't take end-to-end headers away, CVE-2024-45410",
                        "RFC 9110 §7.6.1",
                        head -> head.replace(
                                        "Connection",
                                        "Connection: Upgrade, Host, Cookie, Origin, Authorization, Sec-WebSocket-Key, Sec-WebSocket-Version, X-Forwarded-For")
                                .with(
                                        "Cookie: a=1",
                                        "Origin: https://a.example",
                                        "Authorization: Basic " + Secrets.of("opaque token")),
                        head -> head.with(
                                "Cookie: a=1",
                                "Origin: https://a.example",
                                "Authorization: Basic " + Secrets.of("opaque token")))
                .opens(
                        "forged forwarding headers are replaced, CVE-2026-29054",
                        "RFC 7239 §8.1",
                        head -> head.with(
                                "X-Forwarded-For: 6.6.6.6",
                                "X-Forwarded-Proto: https",
                                "X-Forwarded-Host: evil.example",
                                "Forwarded: for=6.6.6.6"),
                        head -> head)
                .opens(
                        "look-alikes of forwarding headers are dropped, CVE-2026-88011",
                        "RFC 3875 §4.1.18",
                        head -> head.with(
                                "X_Forwarded_For: 6.6.6.6",
                                "x-forwarded_proto: https",
                                "Sec_WebSocket_Key: eDp5",
                                "Content_Length: 5"),
                        head -> head);
    }

    /** Headers that only a proxy in front can set. */
    private static void claims(HandshakeTable table) {
        for (String name : List.of(
                "CF-Connecting-IP",
                "Fastly-Client-IP",
                "Client-IP",
                "True-Client-IP",
                "X-Client-IP",
                "X-Cluster-Client-IP",
                "X-Real-IP",
                "X-Envoy-External-Address",
                "X-Envoy-Original-Path",
                "X-Original-URL",
                "X-Rewrite-URL",
                "X-Original-Host",
                "X-Host",
                "X-HTTP-Method-Override",
                "X-HTTP-Method",
                "X-Method-Override",
                "X-Scheme",
                "X-Forwarded-Client-Cert",
                "X-Forwarded-Anything",
                "X-Forwarded",
                "Front-End-Https",
                "Client-Cert",
                "SSL-Client-Verify",
                "X-Remote-User",
                "CloudFront-Viewer-Address",
                "Cf-Access-Authenticated-User-Email",
                "X-Consumer-Username",
                "X-Forward-Proto",
                "X-Real-Host",
                "X-Accel-Redirect")) {
            String claim = name + ": 6.6.6.6";
            table.opens(claim + " of a stranger", "RFC 7239 §8.1", head -> head.with(claim), head -> head);
        }
        table.opens(
                        "look-alikes of them with other characters",
                        "RFC 3875 §4.1.18",
                        head -> head.with(
                                "X_Real.IP: 6.6.6.6",
                                "X.Forwarded.For: 6.6.6.6",
                                "x~original~url: /admin",
                                "CF_Connecting_IP: 6.6.6.6",
                                "X-HTTP_Method.Override: DELETE",
                                "pro.xy: kept",
                                "Content.Length: 5",
                                "Cdn_Loop: wsroute-1"),
                        head -> head.with("pro.xy: kept"))
                .opens(
                        "a Proxy header, CVE-2016-5385",
                        "RFC 3875 §4.1.18",
                        head -> head.with("Proxy: http://evil.example"),
                        head -> head)
                .opens(
                        "odd names that look like none of them pass",
                        "RFC 9110 §5.1",
                        head -> head.with("My_Own.Name: 1", "Proxy_Name: 2"))
                .opens(
                        "what the request has passed is kept, and this proxy added",
                        "RFC 8586 §2",
                        head -> head.with("CDN-Loop: foo123.foocdn.example, barcdn.example; trace=\"abcdef\""))
                .opens(
                        "Connection can't take away what the request has passed",
                        "RFC 8586 §2",
                        head -> head.replace("Connection", "Connection: Upgrade, CDN-Loop")
                                .with("CDN-Loop: a"),
                        head -> head.with("CDN-Loop: a"));
    }

    private static void hosts(HandshakeTable table) {
        for (String host : List.of(
                "a",
                "a:8020",
                "Chat.Example.COM",
                "chat.example.com.",
                "127.0.0.1:80",
                "[::1]",
                "[2001:db8::7]:443",
                "a_b~c-d.example",
                "a:")) {
            table.opens("Host: " + host, "RFC 9110 §7.2", head -> head.replace("Host", "Host: " + host));
        }
        table.opens(
                        "an empty Host",
                        "RFC 9112 §3.2",
                        head -> head.replace("Host", "Host:"),
                        head -> head.replace("Host", "Host: "))
                .opens(
                        "the absolute form with the same host",
                        "RFC 9112 §3.2.2",
                        head -> head.first("GET http://server.example.com/chat?a=b HTTP/1.1"))
                .opens(
                        "the absolute form behind a Host with the default port",
                        "RFC 9110 §4.2.3",
                        head -> head.first("GET http://server.example.com/ HTTP/1.1")
                                .replace("Host", "Host: server.example.com:80"));
    }

    private static void targets(HandshakeTable table) {
        for (String target : List.of(
                "/",
                "/?",
                "//a//b/",
                "/%2e%2e/%2F..;p=1/./..",
                "/a\\b",
                "/a?b=c&b=d??e",
                "/a?next=http://b/",
                "/{a}|b^\"<>`",
                "/%zz%",
                "/caf\u00e9",
                "/" + "long/".repeat(1500))) {
            String name = target.length() < 50 ? target : "7,501 bytes";
            table.opens("target " + name, "RFC 9112 §3.2.1", head -> head.first("GET " + target + " HTTP/1.1"));
        }
    }

    private static void offers(HandshakeTable table) {
        String one = "Sec-WebSocket-Protocol: chat, superchat";
        table.opens("subprotocols offered, none chosen", "RFC 6455 §4.2.2", head -> head.with(one))
                .opens(
                        "a subprotocol chosen",
                        "RFC 6455 §4.2.2",
                        head -> head.with(one),
                        head -> head.with(one),
                        SWITCHING.with("Sec-WebSocket-Protocol: superchat"),
                        switched("Sec-WebSocket-Protocol: superchat"))
                .opens(
                        "subprotocols in two lines",
                        "RFC 6455 §11.3.4",
                        head -> head.with("Sec-WebSocket-Protocol: a", "Sec-WebSocket-Protocol: b"),
                        head -> head.with("Sec-WebSocket-Protocol: a", "Sec-WebSocket-Protocol: b"),
                        SWITCHING.with("Sec-WebSocket-Protocol: b"),
                        switched("Sec-WebSocket-Protocol: b"));
        String deflate = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits, x-webkit-deflate-frame";
        String chosen = "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover";
        table.opens("extensions offered, none chosen", "RFC 6455 §9.1", head -> head.with(deflate))
                .opens(
                        "an extension chosen, with parameters",
                        "RFC 7692 §5.1",
                        head -> head.with(deflate),
                        head -> head.with(deflate),
                        SWITCHING.with(chosen),
                        switched(chosen))
                .opens(
                        "two extensions chosen in two lines",
                        "RFC 6455 §9.1",
                        head -> head.with(deflate),
                        head -> head.with(deflate),
                        SWITCHING.with(
                                "Sec-WebSocket-Extensions: permessage-deflate",
                                "Sec-WebSocket-Extensions: x-webkit-deflate-frame"),
                        switched(
                                "Sec-WebSocket-Extensions: permessage-deflate",
                                "Sec-WebSocket-Extensions: x-webkit-deflate-frame"))
                .opens(
                        "a comma within a quoted parameter",
                        "RFC 6455 §9.1",
                        head -> head.with("Sec-WebSocket-Extensions: foo; a=\"x, bar\""),
                        head -> head.with("Sec-WebSocket-Extensions: foo; a=\"x, bar\""),
                        SWITCHING.with("Sec-WebSocket-Extensions: foo; a=\"x, bar\""),
                        switched("Sec-WebSocket-Extensions: foo; a=\"x, bar\""));
    }

    private static void early(HandshakeTable table) {
        String early = latin1(Frame.text("early", true));
        String welcome =
                latin1(Frame.text("welcome", false)) + latin1(Frame.encode(Frame.BINARY, Piece.payload(300), false));
        table.add(new HandshakeCase(
                        "frames in the segment of the 101",
                        "RFC 6455 §4.2.2",
                        REQUEST.text(),
                        "",
                        HandshakeTable.upgrading(Head.FORWARDED),
                        SWITCHING.text() + welcome,
                        SWITCHED.text() + welcome,
                        Ending.TUNNEL))
                .opens(
                        "frames in the segment of the request pass after the 101, CVE-2026-2833",
                        "RFC 6455 §4.1",
                        head -> head)
                .behind(early)
                .opens(
                        "an empty line before the request",
                        "RFC 9112 §2.2",
                        head -> head.first("\r\n" + head.lines().get(0)),
                        head -> head);
    }

    private static Head switched(String... headers) {
        return new Head(SWITCHED.lines().subList(0, 2)).with(headers).with("Upgrade: websocket", "Connection: Upgrade");
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
