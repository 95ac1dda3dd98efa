// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.discovery.SourceKey;
import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.drain.ConnectionRegistry;
import dev.wsroute.proxy.drain.ConnectionView;
import dev.wsroute.proxy.drain.LiveConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** A live connection that closes as soon as it is asked to, and records when. */
public final class RecordedConnection implements LiveConnection {

    private final ConnectionRegistry registry;
    private final LongSupplier nanoTime;
    private final List<Long> closedAtNanos;

    public RecordedConnection(ConnectionRegistry registry, LongSupplier nanoTime, List<Long> closedAtNanos) {
        this.registry = registry;
        this.nanoTime = nanoTime;
        this.closedAtNanos = closedAtNanos;
    }

    /** The largest number of moments within any period of one second. */
    public static int mostInASecond(List<Long> nanos) {
        List<Long> sorted = new ArrayList<>(nanos);
        sorted.sort(null);
        int most = 0;
        int from = 0;
        for (int to = 0; to < sorted.size(); to++) {
            while (sorted.get(to) - sorted.get(from) >= 1_000_000_000L) {
                from++;
            }
            most = Math.max(most, to - from + 1);
        }
        return most;
    }

    @Override
    public String route() {
        return "apps/echo";
    }

    @Override
    public String rule() {
        return "main";
    }

    @Override
    public SourceKey source() {
        return new SourceKey.Listed("apps/echo", "main", "echo");
    }

    @Override
    public EndpointKey endpoint() {
        return new EndpointKey("pod", 1);
    }

    @Override
    public boolean toLeavingEndpoint() {
        return false;
    }

    @Override
    public ConnectionView view() {
        return new ConnectionView("id", route(), rule(), "echo", "192.0.2.7", null, null, "10.0.0.1:80", 1, 0, 0, 0, 0);
    }

    @Override
    public void close(CloseReason reason) {
        registry.remove(this);
        closedAtNanos.add(nanoTime.getAsLong());
    }
}
