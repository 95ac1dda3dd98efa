// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.routing.ActiveRule;
import dev.wsroute.proxy.routing.EndpointLease;
import dev.wsroute.proxy.upstream.BackendConnector;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to the service, bounded in number, and what waits for one of them. Each is opened for one
 * subrequest, and then carries others.
 */
final class ServiceConnections implements ServiceConnection.Owner {

    private final EventLoop loop;
    private final AuthorizationTerms terms;
    private final Supplier<ActiveRule> service;
    private final Listener listener;
    private final CheckQueue queue;
    private final Deque<ServiceConnection> idle = new ArrayDeque<>();
    private final Map<ServiceConnection, PendingCheck> carried = new HashMap<>();
    /** Connections, and attempts to open one. */
    private int open;

    private boolean advancing;

    /** Learns what becomes of subrequests. */
    interface Listener {

        void answered(PendingCheck check, HttpResponse response);

        void failed(PendingCheck check, ServiceFailure failure);
    }

    /** @param service the service as a rule's only backend, in the newest configuration */
    ServiceConnections(EventLoop loop, AuthorizationTerms terms, Supplier<ActiveRule> service, Listener listener) {
        this.loop = loop;
        this.terms = terms;
        this.service = service;
        this.listener = listener;
        this.queue = new CheckQueue(terms.limits().connections());
    }

    /** How many subrequests wait for a connection. */
    int waiting() {
        return queue.size();
    }

    /** Sends a subrequest as soon as there is a connection for it. The listener may be called at once. */
    void send(PendingCheck check) {
        queue.add(check);
        advance();
    }

    /** Takes subrequests that wait for a connection. Each is asked about once. */
    List<PendingCheck> takeWaiting(Predicate<PendingCheck> which) {
        return queue.removeAll(which);
    }

    /**
     * Stops what is being done for a subrequest; the listener is not called for it any more. Call {@link #advance} afterwards.
     *
     * @return whether it has been waiting for a connection only
     */
    boolean abandon(PendingCheck check) {
        boolean queued = queue.remove(check);
        if (!queued) {
            queue.finished(check);
        }
        if (check.isDialing()) {
            open--;
        }
        ServiceConnection carrier = check.connection();
        if (carrier != null) {
            carried.remove(carrier);
            carrier.lease().upgradeFailed();
        }
        check.abandon();
        return queued;
    }

    /** Sends what waits, as far as there are connections for it. */
    void advance() {
        if (advancing) {
            // Dialing may fail at once; the loop goes on with the next.
            return;
        }
        advancing = true;
        try {
            while (!queue.isEmpty() && sendNext()) {}
        } finally {
            advancing = false;
        }
    }

    private boolean sendNext() {
        ServiceConnection free = idle.pollLast();
        if (free != null && !free.isOpen()) {
            return true;
        }
        if (free == null && open >= terms.limits().connections()) {
            return false;
        }
        PendingCheck next = queue.next();
        if (next == null) {
            return false;
        }
        if (free == null) {
            dial(next);
        } else {
            carry(free, next);
        }
        return true;
    }

    private void carry(ServiceConnection connection, PendingCheck check) {
        carried.put(connection, check);
        check.dials(null);
        check.sentOn(connection);
        connection.ask(terms.config().path(), check.subrequest());
    }

    private void dial(PendingCheck check) {
        open++;
        BackendConnector connector = new BackendConnector(
                terms.dialer(),
                terms.memory(),
                terms.metrics(),
                service.get(),
                check.subrequest().client(),
                loop,
                new Dial(check));
        check.dials(connector);
        connector.start();
    }

    /** Connecting for one subrequest. */
    private final class Dial implements BackendConnector.ConnectListener {

        private final PendingCheck check;

        Dial(PendingCheck check) {
            this.check = check;
        }

        @Override
        public void connected(Channel backend, EndpointLease lease) {
            ServiceConnection connection =
                    new ServiceConnection(backend, lease, terms.memory().heads(), ServiceConnections.this);
            carry(connection, check);
        }

        @Override
        public void noEndpoint() {
            gaveUp(ServiceFailure.NO_ENDPOINT);
        }

        @Override
        public void unreachable(boolean timedOut, @Nullable String detail) {
            gaveUp(timedOut ? ServiceFailure.TOO_SLOW : ServiceFailure.UNREACHABLE);
        }

        @Override
        public void outOfDescriptors() {
            gaveUp(ServiceFailure.NO_RESOURCES);
        }

        @Override
        public void failed(Throwable cause) {
            Containment.count(loop, FailurePoint.LISTENER, cause);
            gaveUp(ServiceFailure.NO_RESOURCES);
        }

        private void gaveUp(ServiceFailure failure) {
            open--;
            check.dials(null);
            queue.finished(check);
            listener.failed(check, failure);
            advance();
        }
    }

    @Override
    public void answered(ServiceConnection connection, HttpResponse response) {
        PendingCheck check = carried.remove(connection);
        connection.finishWithin(terms.config().timeout());
        if (check != null) {
            check.sentOn(null);
            queue.finished(check);
            listener.answered(check, response);
        }
    }

    @Override
    public void lost(ServiceConnection connection) {
        PendingCheck check = carried.remove(connection);
        if (check == null) {
            return;
        }
        check.sentOn(null);
        if (connection.isUsed() && check.takeRepetition()) {
            // The service has probably closed an idle connection. A GET may be repeated (RFC 9110 §9.2.2).
            dial(check);
        } else {
            failed(connection, check);
        }
    }

    @Override
    public void broken(ServiceConnection connection) {
        PendingCheck check = carried.remove(connection);
        if (check != null) {
            check.sentOn(null);
            failed(connection, check);
        }
    }

    private void failed(ServiceConnection connection, PendingCheck check) {
        queue.finished(check);
        if (connection.isStarved()) {
            listener.failed(check, ServiceFailure.NO_RESOURCES);
        } else {
            connection.lease().upgradeFailed();
            listener.failed(check, ServiceFailure.BROKEN);
        }
    }

    @Override
    public void free(ServiceConnection connection) {
        if (queue.isEmpty() && idle.size() >= terms.limits().idle()) {
            connection.close();
            return;
        }
        connection.idle(terms.limits().idleFor());
        idle.addLast(connection);
        advance();
    }

    @Override
    public void closed(ServiceConnection connection) {
        idle.remove(connection);
        open--;
        advance();
    }
}
