// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import dev.wsroute.proxy.clientaddress.ClientKey;
import dev.wsroute.proxy.discovery.Endpoint;
import dev.wsroute.proxy.discovery.SourceKey;
import dev.wsroute.proxy.routing.EndpointLease;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Counts as a live connection of its endpoint and its source until released. */
final class CountedLease implements EndpointLease {

    private static final int BAD_GATEWAY = 502;
    private static final int GATEWAY_TIMEOUT = 504;

    private final Ejections ejections;
    private final String route;
    private final RuleBackend backend;
    private final Member member;
    private final @Nullable SessionPins toPin;
    private final boolean secure;
    private final ClientKey client;
    private final AtomicBoolean held = new AtomicBoolean(true);
    private volatile boolean opened;
    private volatile long openedAt;

    /**
     * @param toPin begins a session; null for none, or if one exists already
     * @param secure whether the client uses TLS
     * @param client the client of the connection
     */
    CountedLease(
            Ejections ejections,
            String route,
            RuleBackend backend,
            Member member,
            @Nullable SessionPins toPin,
            boolean secure,
            ClientKey client) {
        this.ejections = ejections;
        this.route = route;
        this.backend = backend;
        this.member = member;
        this.toPin = toPin;
        this.secure = secure;
        this.client = client;
        backend.pool().leased();
        member.state().acquired();
    }

    @Override
    public Endpoint endpoint() {
        return member.endpoint();
    }

    @Override
    public SourceKey source() {
        return backend.pool().source();
    }

    @Override
    public String backend() {
        return backend.name();
    }

    @Override
    public void connectFailed() {
        ejections.unreachable(route, backend, member);
    }

    @Override
    public void upgradeFailed() {
        ejections.failed(route, backend, member, client);
    }

    @Override
    public void answered(int status) {
        if (status < BAD_GATEWAY || status > GATEWAY_TIMEOUT) {
            member.state().health().succeeded();
        }
    }

    @Override
    public void opened() {
        long now = ejections.now();
        openedAt = now;
        opened = true;
        member.state().health().opened(now);
        if (backend.zones() != null) {
            backend.zones().opened(backend.pool(), member);
        }
    }

    @Override
    public void backendLost() {
        if (opened && ejections.now() - openedAt < EndpointHealth.PROVEN_AFTER.toNanos()) {
            ejections.failed(route, backend, member, client);
        }
    }

    @Override
    public @Nullable String setCookie() {
        return toPin == null ? null : toPin.write(member, secure);
    }

    @Override
    public void release() {
        if (held.compareAndSet(true, false)) {
            member.state().released();
            backend.pool().released();
        }
    }
}
