// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.admin;

import dev.wsroute.admin.Answer;

/** The state behind {@code /readyz}. Once ready, the proxy stays ready until shutdown, even if updates are late. */
public final class ReadinessProbe {

    private enum State {
        STARTING,
        READY,
        SHUTTING_DOWN
    }

    private State state = State.STARTING;

    /** A configuration is applied, and the endpoints of all its backends are known. */
    public synchronized void ready() {
        if (state == State.STARTING) {
            state = State.READY;
        }
    }

    /** The shutdown has begun. */
    public synchronized void shuttingDown() {
        state = State.SHUTTING_DOWN;
    }

    /** The response of {@code /readyz}. */
    public synchronized Answer answer() {
        return switch (state) {
            case STARTING -> Answer.text(503, "waiting for the configuration or for endpoints");
            case READY -> Answer.text(200, "ok");
            case SHUTTING_DOWN -> Answer.text(503, "shutting down");
        };
    }
}
