// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import dev.wsroute.config.ConnectionRules.RateAction;
import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.metrics.AuthorizationOutcome;
import dev.wsroute.proxy.metrics.AuthorizationSource;
import dev.wsroute.proxy.metrics.BackendTlsFailure;
import dev.wsroute.proxy.metrics.Direction;
import dev.wsroute.proxy.metrics.HandshakeTimes;
import dev.wsroute.proxy.metrics.ProxyMetrics;
import dev.wsroute.proxy.metrics.RefusalReason;
import dev.wsroute.proxy.metrics.TlsFailure;
import dev.wsroute.proxy.metrics.TunnelMeter;
import dev.wsroute.proxy.metrics.TunnelOutcome;
import dev.wsroute.proxy.metrics.ZoneRelation;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Records events in order, and sums up the traffic. */
public final class RecordingMetrics implements ProxyMetrics {

    private final List<Long> closeTimes = new CopyOnWriteArrayList<>();
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final Map<Direction, long[]> traffic = new EnumMap<>(Direction.class);

    public List<String> events() {
        return events;
    }

    /** When the proxy began to close WebSockets, as {@link System#nanoTime}. */
    public List<Long> closeTimes() {
        return closeTimes;
    }

    /** Messages and bytes. */
    public synchronized long[] traffic(Direction direction) {
        return traffic.getOrDefault(direction, new long[2]).clone();
    }

    @Override
    public void clientConnected() {
        events.add("connected");
    }

    @Override
    public void clientDisconnected() {
        events.add("disconnected");
    }

    @Override
    public void accessReported(String route, RefusalReason reason) {
        events.add("reported " + reason);
    }

    @Override
    public void authorizationChecked(
            String route,
            AuthorizationOutcome outcome,
            @Nullable String failure,
            AuthorizationSource source,
            long nanos) {
        events.add("authorization " + outcome.label() + (failure == null ? "" : " " + failure) + " " + source.label());
    }

    @Override
    public void tlsEstablished(String listener, boolean resumed) {
        events.add("TLS " + (resumed ? "resumed" : "full"));
    }

    @Override
    public void tlsFailed(TlsFailure reason) {
        events.add("TLS failed: " + reason.label());
    }

    @Override
    public void acceptPaused() {
        events.add("accept paused");
    }

    @Override
    public void refused(RefusalReason reason, int status, String route) {
        events.add("refused " + reason.label() + " " + status + " '" + route + "'");
    }

    @Override
    public void exchangeEnded(String route, String backend, int status, long nanos) {
        events.add("exchange " + route + " " + backend + " " + status);
    }

    @Override
    public void connectFailed(String route, String backend, EndpointKey endpoint) {
        events.add("connect failed " + endpoint.id());
    }

    @Override
    public void backendTlsEstablished(String route, String backend, boolean resumed) {
        events.add("TLS with " + backend + (resumed ? " resumed" : " full"));
    }

    @Override
    public void backendTlsFailed(String route, String backend, BackendTlsFailure reason) {
        events.add("TLS failed " + backend + " " + reason.label());
    }

    @Override
    public void connectRetried(String route, String backend) {
        events.add("connect retried " + route + " " + backend);
    }

    @Override
    public void ejected(String route, String backend) {
        events.add("ejected " + route + " " + backend);
    }

    @Override
    public void zoneChosen(String route, String backend, ZoneRelation zone) {}

    @Override
    public TunnelMeter tunnelOpened(String route, String backend, HandshakeTimes handshake) {
        events.add("opened " + route + " " + backend);
        return new TunnelMeter() {
            @Override
            public void relayed(Direction direction, long messages, long bytes) {
                add(direction, messages, bytes);
            }

            @Override
            public void readingPaused(Direction direction) {
                events.add("paused " + direction);
            }

            @Override
            public void readingResumed(Direction direction, long nanos) {
                events.add("resumed " + direction + (nanos > 0 ? "" : " at once"));
            }

            @Override
            public void rateExceeded(RateAction action) {
                events.add("rate exceeded " + action);
            }

            @Override
            public void rateWaited(long nanos) {}

            @Override
            public void closeSent(CloseReason reason) {
                closeTimes.add(System.nanoTime());
                events.add("close sent " + reason);
            }

            @Override
            public void ended(TunnelOutcome end, int closeCode, @Nullable CloseReason reason) {
                events.add("ended " + end);
            }
        };
    }

    private synchronized void add(Direction direction, long messages, long bytes) {
        long[] sum = traffic.computeIfAbsent(direction, any -> new long[2]);
        sum[0] += messages;
        sum[1] += bytes;
    }
}
