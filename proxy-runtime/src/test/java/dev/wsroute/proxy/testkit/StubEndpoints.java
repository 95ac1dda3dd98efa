// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import dev.wsroute.proxy.discovery.Endpoint;
import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.discovery.SourceKey;
import dev.wsroute.proxy.routing.EndpointLease;
import dev.wsroute.proxy.routing.EndpointSelector;
import dev.wsroute.proxy.routing.RequestFacts;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Endpoints in a fixed order: selects the first that was not tried yet. Counts leases. */
public final class StubEndpoints implements EndpointSelector {

    /** Name of their backend. */
    public static final String BACKEND = "service/echo:ws";

    private final List<Endpoint> endpoints = new CopyOnWriteArrayList<>();
    private final List<String> notes = new CopyOnWriteArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();

    private volatile @Nullable String cookie;

    public StubEndpoints add(InetSocketAddress address) {
        return add(address, null);
    }

    /** @param other the endpoint's address of the other family */
    public StubEndpoints add(InetSocketAddress address, @Nullable InetSocketAddress other) {
        EndpointKey key = new EndpointKey("pod-" + endpoints.size(), address.getPort());
        endpoints.add(new Endpoint(key, address, other, key.id(), true, true, false));
        return this;
    }

    /** Makes every lease set this cookie. */
    public StubEndpoints setCookie(String value) {
        cookie = value;
        return this;
    }

    /** Calls on leases, in order. */
    public List<String> notes() {
        return notes;
    }

    /** Number of leases that are not released. */
    public int openLeases() {
        return open.get();
    }

    public int connectFailures() {
        return failures.get();
    }

    @Override
    public @Nullable EndpointLease select(RequestFacts request, Set<EndpointKey> tried) {
        for (Endpoint endpoint : endpoints) {
            if (!tried.contains(endpoint.key())) {
                open.incrementAndGet();
                return new StubLease(endpoint);
            }
        }
        return null;
    }

    private final class StubLease implements EndpointLease {
        private final Endpoint endpoint;
        private final AtomicBoolean released = new AtomicBoolean();

        StubLease(Endpoint endpoint) {
            this.endpoint = endpoint;
        }

        @Override
        public Endpoint endpoint() {
            return endpoint;
        }

        @Override
        public SourceKey source() {
            return new SourceKey.Listed("apps/echo", "main", backend());
        }

        @Override
        public String backend() {
            return BACKEND;
        }

        @Override
        public void connectFailed() {
            failures.incrementAndGet();
            notes.add("connect failed");
        }

        @Override
        public void upgradeFailed() {
            notes.add("upgrade failed");
        }

        @Override
        public void answered(int status) {
            notes.add("answered " + status);
        }

        @Override
        public void opened() {
            notes.add("opened");
        }

        @Override
        public void backendLost() {
            notes.add("backend lost");
        }

        @Override
        public @Nullable String setCookie() {
            return cookie;
        }

        @Override
        public void release() {
            if (released.compareAndSet(false, true)) {
                open.decrementAndGet();
            }
        }
    }
}
