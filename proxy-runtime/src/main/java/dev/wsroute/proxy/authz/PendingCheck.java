// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import dev.wsroute.proxy.clientaddress.ClientKey;
import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.Deadline;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.metrics.AuthorizationSource;
import dev.wsroute.proxy.upstream.BackendConnector;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A subrequest that is not answered yet, and who waits for the answer. Confined to one event loop. */
final class PendingCheck {

    /** No client has the unspecified address. */
    private static final ClientKey RECHECKS = new ClientKey(0, true);

    private final EventLoop loop;
    private final Subrequest subrequest;
    private final List<BiConsumer<ServiceAnswer, AuthorizationSource>> waiting = new ArrayList<>(1);
    private final ClientKey client;
    private final boolean recheck;
    private final Deadline deadline;
    private @Nullable BackendConnector dial;
    private @Nullable ServiceConnection connection;
    private boolean repeated;
    private boolean over;

    /** @param recheck whether it is about a WebSocket that is open */
    PendingCheck(EventLoop loop, Subrequest subrequest, boolean recheck) {
        this.loop = loop;
        this.subrequest = subrequest;
        this.client = ClientKey.of(subrequest.client().clientAddress());
        this.recheck = recheck;
        this.deadline = new Deadline(loop, cause -> Containment.count(loop, FailurePoint.TASK, cause));
    }

    Subrequest subrequest() {
        return subrequest;
    }

    /** Who asked first. */
    ClientKey client() {
        return client;
    }

    /**
     * Whose turn it takes. Those about open WebSockets, which are few at a time, have a turn of their own: a client must not put off a
     * refusal by what else it asks for.
     */
    ClientKey turn() {
        return recheck ? RECHECKS : client;
    }

    boolean isRecheck() {
        return recheck;
    }

    Deadline deadline() {
        return deadline;
    }

    int waiters() {
        return waiting.size();
    }

    void add(BiConsumer<ServiceAnswer, AuthorizationSource> waiter) {
        waiting.add(waiter);
    }

    /** It is being connected for. */
    void dials(@Nullable BackendConnector connector) {
        dial = connector;
    }

    /** It has been sent. */
    void sentOn(@Nullable ServiceConnection carrier) {
        connection = carrier;
    }

    /** What it has been sent on and is not answered; null for none. */
    @Nullable ServiceConnection connection() {
        return connection;
    }

    boolean isDialing() {
        return dial != null;
    }

    /** Takes the one repetition that is allowed; false if it was taken, or nobody waits any more. */
    boolean takeRepetition() {
        boolean first = !repeated;
        repeated = true;
        return first && !over;
    }

    boolean isOver() {
        return over;
    }

    /** Stops what is being done for it. */
    void abandon() {
        if (dial != null) {
            dial.cancel();
            dial = null;
        }
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    /** Tells everybody who waits. */
    void settle(ServiceAnswer answer) {
        if (over) {
            return;
        }
        over = true;
        deadline.cancel();
        ServiceAnswer others = waiting.size() == 1 ? answer : answer.forOthers();
        for (int i = 0; i < waiting.size(); i++) {
            BiConsumer<ServiceAnswer, AuthorizationSource> waiter = waiting.get(i);
            ServiceAnswer told = i == 0 ? answer : others;
            AuthorizationSource source = i == 0 ? AuthorizationSource.SERVICE : AuthorizationSource.SHARED;
            // What one client's request throws must not keep the others waiting.
            Containment.run(loop, FailurePoint.TASK, () -> waiter.accept(told, source));
        }
    }
}
