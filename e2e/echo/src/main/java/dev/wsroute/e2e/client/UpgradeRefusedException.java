// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.client;

import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.util.Optional;

/** The server answered the request for a WebSocket with another status than 101. */
public final class UpgradeRefusedException extends IOException {

    private static final long serialVersionUID = 1;

    private final int status;

    private final transient HttpHeaders headers;

    UpgradeRefusedException(int status, HttpHeaders headers) {
        super("the upgrade was answered with HTTP " + status);
        this.status = status;
        this.headers = headers;
    }

    /** A header of the response; empty if it had none of this name. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }
}
