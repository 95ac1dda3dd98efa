package dev.wsroute.proxy.admin;

import dev.wsroute.admin.Answer;

/** Whether load balancers shall send connections. Once ready it stays so until the shutdown: news being late is no reason. */
public final class Readiness {

    private enum State {
        STARTING,
        READY,
        LEAVING
    }

    private State state = State.STARTING;

    /** A configuration is applied, and something is known of the endpoints of all its backends. */
    public synchronized void ready() {
        if (state == State.STARTING) {
            state = State.READY;
        }
    }

    /** The shutdown has begun. */
    public synchronized void leaving() {
        state = State.LEAVING;
    }

    /** What {@code /readyz} answers. */
    public synchronized Answer answer() {
        return switch (state) {
            case STARTING -> Answer.text(503, "waiting for the configuration or for endpoints");
            case READY -> Answer.text(200, "ok");
            case LEAVING -> Answer.text(503, "shutting down");
        };
    }
}
