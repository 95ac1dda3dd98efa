// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.Deadline;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.drain.ConnectionWatch;
import dev.wsroute.proxy.drain.LiveConnection;
import dev.wsroute.proxy.metrics.AuthorizationOutcome;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Asks the service again and again whether a WebSocket may stay, with the headers of its handshake, and closes it when the service
 * refuses. Whatever else the service answers, or that it does not, changes nothing. Confined to one event loop.
 */
final class Recheck implements ConnectionWatch {

    /** The first time comes after this part of the interval at the earliest, later ones after nine tenths. */
    private static final double FIRST = 0.5;

    private static final double LATER = 0.9;

    private static final int OBJECTS = 120;

    private final RecheckQueue queue;
    private final KeptSubrequest subrequest;
    private final Duration every;
    private final Deadline deadline;
    private @Nullable LiveConnection connection;

    Recheck(EventLoop loop, RecheckQueue queue, KeptSubrequest subrequest, Duration every) {
        this.queue = queue;
        this.subrequest = subrequest;
        this.every = every;
        this.deadline = new Deadline(loop, cause -> Containment.count(loop, FailurePoint.TASK, cause));
    }

    @Override
    public void opened(LiveConnection opened) {
        connection = opened;
        wait(FIRST);
    }

    @Override
    public void closed() {
        connection = null;
        deadline.cancel();
    }

    @Override
    public int bytes() {
        return OBJECTS + subrequest.bytes();
    }

    boolean isOpen() {
        return connection != null;
    }

    Subrequest subrequest() {
        return subrequest.restored();
    }

    /** Connections that were opened at once, as after a restart, spread over the interval. */
    private void wait(double least) {
        double part = least + (1 - least) * ThreadLocalRandom.current().nextDouble();
        deadline.arm(Duration.ofNanos((long) (every.toNanos() * part)), () -> queue.add(this));
    }

    /** @return what this is counted as */
    AuthorizationOutcome answered(ServiceAnswer answer) {
        LiveConnection open = connection;
        if (answer instanceof ServiceAnswer.Refused) {
            if (open != null) {
                open.close(CloseReason.AUTHORIZATION_WITHDRAWN);
            }
            return AuthorizationOutcome.REFUSED;
        }
        if (open != null) {
            wait(LATER);
        }
        return answer instanceof ServiceAnswer.Allowed
                ? AuthorizationOutcome.ALLOWED
                : AuthorizationOutcome.UNAVAILABLE;
    }
}
