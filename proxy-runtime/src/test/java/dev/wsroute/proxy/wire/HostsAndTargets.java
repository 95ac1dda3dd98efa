// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.wire;

import static dev.wsroute.proxy.wire.Head.REQUEST;

import dev.wsroute.proxy.testkit.TestTls;
import java.util.List;

/** Spellings of hosts and of absolute targets, and whether the proxy accepts them: rows of docs/compatibility.md. */
final class HostsAndTargets {

    private static final String BAD = "400 Bad Request";

    private HostsAndTargets() {}

    static List<HandshakeCase> cases() {
        HandshakeTable table = new HandshakeTable();
        for (String host : List.of(
                "SERVER.example.com", "server.example.com:80", "server.example.com.", "Server.Example.com.:8080")) {
            table.opens("Host: " + host, "RFC 9110 §4.2.3", head -> head.replace("Host", "Host: " + host));
        }
        for (String target : List.of(
                "http://server.example.com/chat",
                "ws://server.example.com/chat",
                "WS://server.example.com/chat",
                "http://SERVER.example.com./",
                "http://server.example.com:/",
                "http://server.example.com:80/",
                "ws://server.example.com:80/")) {
            table.opens("target " + target, "RFC 9110 §4.2.3", head -> get(head, target));
        }
        withoutPath(table, "http://server.example.com", "");
        withoutPath(table, "ws://server.example.com", "?a=/b");
        for (String target : List.of("https://server.example.com/", "wss://server.example.com/")) {
            if (TestTls.isOn()) {
                table.opens("target " + target, "RFC 9110 §7.4", head -> get(head, target));
            } else {
                malformed(table, target);
            }
        }
        malformed(table, "ftp://server.example.com/");
        for (String target : List.of(
                "http://other.example/",
                "ws://other.example/",
                "http://other.example?a=/",
                "http://server.example.com:8080/",
                "ws://server.example.com:443/",
                "http://server.example.com../",
                "http://user@server.example.com/",
                "http:///chat")) {
            table.refuses(
                    "target " + target,
                    "RFC 9112 §3.2.2",
                    get(REQUEST, target),
                    BAD,
                    "The request target does not match the Host header.");
        }
        return table.cases();
    }

    /** RFC 9110 §4.2.3: the empty path is equivalent to the root, and is forwarded as such. */
    private static void withoutPath(HandshakeTable table, String origin, String query) {
        table.opens(
                "target " + origin + query,
                "RFC 9110 §4.2.3",
                head -> get(head, origin + query),
                head -> get(head, origin + "/" + query));
    }

    private static void malformed(HandshakeTable table, String target) {
        table.refuses(
                "target " + target, "RFC 9110 §7.4", get(REQUEST, target), BAD, "The request target is malformed.");
    }

    private static Head get(Head head, String target) {
        return head.first("GET " + target + " HTTP/1.1");
    }
}
