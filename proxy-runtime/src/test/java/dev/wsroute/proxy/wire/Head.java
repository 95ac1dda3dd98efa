// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.wire;

import dev.wsroute.proxy.testkit.TestTls;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The lines of a request or response head. Immutable. */
record Head(List<String> lines) {

    private static final Pattern PORT = Pattern.compile(":(\\d+)$");

    static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    /** The handshake of RFC 6455 §1.3, without optional headers. */
    static final Head REQUEST = of("GET /chat HTTP/1.1")
            .with("Host: server.example.com", "Upgrade: websocket", "Connection: Upgrade")
            .with("Sec-WebSocket-Key: " + KEY, "Sec-WebSocket-Version: 13");

    /** The form in which a backend receives {@link #REQUEST}, without the headers that the proxy adds. */
    static final Head FORWARDED = REQUEST.without("Upgrade").without("Connection");

    static final Head SWITCHING = of("HTTP/1.1 101 Switching Protocols")
            .with("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: " + ACCEPT);

    /** The form in which a client receives {@link #SWITCHING}. */
    static final Head SWITCHED = of("HTTP/1.1 101 Switching Protocols")
            .with("Sec-WebSocket-Accept: " + ACCEPT, "Upgrade: websocket", "Connection: Upgrade");

    static Head of(String firstLine) {
        return new Head(List.of(firstLine));
    }

    Head with(String... more) {
        List<String> all = new ArrayList<>(lines);
        all.addAll(List.of(more));
        return new Head(List.copyOf(all));
    }

    Head first(String line) {
        List<String> all = new ArrayList<>(lines);
        all.set(0, line);
        return new Head(List.copyOf(all));
    }

    Head without(String name) {
        String start = name.toLowerCase(Locale.ROOT) + ":";
        return new Head(lines.stream()
                .filter(line -> !line.toLowerCase(Locale.ROOT).startsWith(start))
                .toList());
    }

    /** Replaces the line with that header. */
    Head replace(String name, String... others) {
        List<String> all = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith(name + ":")) {
                all.addAll(List.of(others));
            } else {
                all.add(line);
            }
        }
        return new Head(List.copyOf(all));
    }

    /** Adds the headers by which every backend learns about the client. */
    Head withForwarding() {
        String host = lines.stream()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("host:"))
                .map(line -> line.substring(5).trim())
                .findFirst()
                .orElse("");
        Head told = with("X-Forwarded-For: 127.0.0.1", "X-Forwarded-Proto: " + TestTls.scheme());
        String passed = lines.stream()
                .filter(line -> line.startsWith("CDN-Loop:"))
                .map(line -> line.substring(9).trim() + ", ")
                .collect(Collectors.joining());
        // An empty port means no port.
        return (host.isEmpty() ? told : told.with("X-Forwarded-Host: " + host.replaceFirst(":$", "")))
                .without("CDN-Loop")
                .with("X-Forwarded-Port: " + port(host), "X-Request-Id: {id}")
                .with("CDN-Loop: " + passed + "wsroute-{process}");
    }

    /** The port of the listener; over TLS that of the host, since listeners for 443 have other ports in containers. */
    private static String port(String host) {
        if (!TestTls.isOn()) {
            return "{port}";
        }
        Matcher explicit = PORT.matcher(host);
        return explicit.find() ? explicit.group(1) : "443";
    }

    /** A line with escaped control characters, for a test's name. */
    static String shown(String line) {
        StringBuilder text = new StringBuilder();
        for (char c : line.toCharArray()) {
            text.append(c < ' ' || c == 0x7f ? String.format("\\x%02x", (int) c) : String.valueOf(c));
        }
        return text.toString();
    }

    /** The head with the empty line after it. */
    String text() {
        return String.join("\r\n", lines) + "\r\n\r\n";
    }
}
