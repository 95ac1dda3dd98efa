// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.mock;

import io.fabric8.mockwebserver.http.WebSocket;

/** An open watch of a client. */
public record OpenWatch(WebSocket socket) {

    /** The API has compacted the resource version that the watch needs next. */
    public void gone() {
        socket.send("""
                {"type": "ERROR", "object": {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 410,
                  "reason": "Expired", "message": "too old resource version: 1 (7)"}}
                """);
    }

    /** The server ends the watch, as it does every few minutes. */
    public void end() {
        socket.close(1000, "timeout");
    }
}
