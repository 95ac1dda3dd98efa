// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.clients;

/** How a client connects to the proxy: without TLS or with it. */
enum Scheme {
    WS("ws", "http"),
    WSS("wss", "https");

    private final String webSocket;
    private final String http;

    Scheme(String webSocket, String http) {
        this.webSocket = webSocket;
        this.http = http;
    }

    /** Of the URL of a WebSocket. */
    String webSocket() {
        return webSocket;
    }

    /** Of the URL of a request without an upgrade. */
    String http() {
        return http;
    }
}
