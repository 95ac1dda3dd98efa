package dev.wsroute.e2e.client;

import java.io.IOException;

/** The server answered the request for a WebSocket with something else than 101. */
public final class UpgradeRefusedException extends IOException {

    private static final long serialVersionUID = 1;

    private final int status;

    UpgradeRefusedException(int status) {
        super("the upgrade was answered with HTTP " + status);
        this.status = status;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }
}
