// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.accesslog.AccessEntry;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.discovery.SourceKey;
import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.drain.ConnectionRegistry;
import dev.wsroute.proxy.drain.ConnectionRights;
import dev.wsroute.proxy.drain.ConnectionView;
import dev.wsroute.proxy.drain.ConnectionWatch;
import dev.wsroute.proxy.drain.LiveConnection;
import dev.wsroute.proxy.drain.Subject;
import dev.wsroute.proxy.frames.FrameTracker;
import dev.wsroute.proxy.memory.Evictable;
import dev.wsroute.proxy.metrics.TunnelMeter;
import dev.wsroute.proxy.metrics.TunnelOutcome;
import dev.wsroute.proxy.routing.ActiveRule;
import dev.wsroute.proxy.routing.EndpointLease;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An open WebSocket between a client and a backend, as the rest of the proxy sees it, with its limits. Both channels use
 * one event loop. All methods run there, except {@link #close}, {@link #evict} and {@link #view}, which are thread-safe.
 * The {@link Relay} forwards frames and ends the tunnel.
 */
public final class Tunnel implements LiveConnection, Evictable {

    private final Flow up;
    private final Flow down;
    private final EventLoop loop;
    private final ActiveRule rule;
    private final EndpointLease lease;
    private final ConnectionRegistry connections;
    private final Supplier<AccessEntry> facts;
    private final TunnelMeter meter;
    private final Consumer<AccessEntry.TunnelTotals> ended;
    private final TunnelTerms terms;
    private final ConnectionRights rights;
    private final @Nullable Lifetime lifetime;
    private final Relay relay;
    private final Keepalive keepalive;

    Tunnel(
            Handover client,
            Handover backend,
            ActiveRule rule,
            EndpointLease lease,
            int legalRsv,
            ConnectionRights rights,
            TunnelTerms terms,
            ConnectionRegistry connections,
            TunnelMeter meter,
            Supplier<AccessEntry> facts,
            Consumer<AccessEntry.TunnelTotals> ended) {
        Long limit = rule.config().connections().maxMessageBytes();
        long maxMessage = limit == null ? Long.MAX_VALUE : limit;
        this.up = new Flow(new FrameTracker(true, legalRsv, maxMessage));
        this.down = new Flow(new FrameTracker(false, legalRsv, maxMessage));
        this.loop = client.channel().eventLoop();
        this.rule = rule;
        this.lease = lease;
        this.connections = connections;
        this.facts = facts;
        this.meter = meter;
        this.ended = ended;
        this.terms = terms;
        this.rights = rights;
        this.lifetime = Lifetime.of(this, terms.loops().wheel(loop), rule.config(), rights);
        RelayLimits limits = new RelayLimits(
                rule.config().timeouts().writeStall(),
                terms.closeTimeout().get(),
                terms.maxBufferedBytes().getAsInt(),
                terms.loops().buffer(loop));
        this.relay = new Relay(
                client,
                backend,
                up,
                down,
                lease,
                meter,
                limits,
                rule.config().connections(),
                lifetime,
                this::stalled,
                this::finished);
        this.keepalive = new Keepalive(this, client.channel(), backend.channel(), limits.writeStall());
    }

    /**
     * Starts the tunnel. If this throws, {@link #abandon} must be called.
     *
     * @param switching makes the 101 to the client, which is sent first
     */
    public void open(Supplier<ByteBuf> switching) {
        relay.take();
        // Registered before the 101 is sent, so that no open tunnel is missed.
        connections.add(this);
        terms.loops().keepalives(loop).add(keepalive);
        if (lifetime != null) {
            lifetime.begin();
        }
        relay.begin(switching.get());
        ConnectionWatch watch = rights.watch();
        if (watch != null) {
            watch.opened(this);
        }
    }

    /**
     * Ends a tunnel whose opening failed at any point: resets both connections, releases everything that the tunnel was given,
     * and reports the end.
     */
    public void abandon(Throwable cause) {
        relay.contain(FailurePoint.HANDLER, cause);
        // A side that was not opened does not report that it is closed.
        relay.closed();
    }

    @Override
    public String route() {
        return rule.route();
    }

    @Override
    public String rule() {
        return rule.config().name();
    }

    @Override
    public SourceKey source() {
        return lease.source();
    }

    @Override
    public EndpointKey endpoint() {
        return lease.endpoint().key();
    }

    @Override
    public boolean toLeavingEndpoint() {
        return lease.endpoint().terminating();
    }

    @Override
    public ConnectionRights rights() {
        return rights;
    }

    @Override
    public ConnectionView view() {
        AccessEntry line = facts.get();
        Subject subject = line.subject();
        return new ConnectionView(
                line.requestId(),
                route(),
                rule(),
                lease.backend(),
                line.client(),
                subject == null ? null : subject.name(),
                subject == null ? null : subject.issuer(),
                Objects.requireNonNullElse(line.endpoint(), ""),
                TimeUnit.NANOSECONDS.toSeconds(line.nanos()),
                up.messages(),
                up.bytes(),
                down.messages(),
                down.bytes());
    }

    @Override
    public void close(CloseReason reason) {
        relay.tasks().run(() -> relay.close(reason));
    }

    @Override
    public void evict() {
        relay.tasks().run(relay::evicted);
    }

    private void stalled(Side side) {
        terms.closeQueue()
                .enqueue(this, CloseReason.WRITE_STALL, () -> relay.tasks().run(() -> cutOffIfStalled(side)));
    }

    private void cutOffIfStalled(Side side) {
        if (side.stillStalled()) {
            relay.cutOff(side, CloseReason.WRITE_STALL, TunnelOutcome.RESET_AFTER_WRITE_STALL);
        }
    }

    private void finished(TunnelState.Finished end) {
        connections.remove(this);
        terms.loops().keepalives(loop).remove(keepalive);
        if (lifetime != null) {
            lifetime.cancel();
        }
        ConnectionWatch watch = rights.watch();
        if (watch != null) {
            watch.closed();
        }
        lease.release();
        meter.ended(end.how(), end.closeCode(), end.reason());
        ended.accept(new AccessEntry.TunnelTotals(
                up.messages(),
                up.bytes(),
                down.messages(),
                down.bytes(),
                relay.closer().closingNanos(),
                end.closeCode(),
                end.reason(),
                end.how()));
    }

    /** An unexpected error: resets both sides. */
    void threw(Throwable cause) {
        relay.contain(FailurePoint.TASK, cause);
    }

    // The rest is used by the time limits and the keepalive rounds.

    /** Whether it is neither closed nor being closed by the proxy. */
    boolean isOpen() {
        return relay.closer().mayClose();
    }

    /** Bytes received, in both directions. */
    long bytes() {
        return up.bytes() + down.bytes();
    }

    boolean hasBacklog() {
        return relay.client().hasBacklog() || relay.backend().hasBacklog();
    }

    /** Whether the client has to wait since it sends faster than it may. */
    boolean holdsBack() {
        return relay.holdsBack();
    }

    /**
     * Whether silence would be the client's own: the proxy reads from it, and has sent everything that was queued for it.
     */
    boolean isReadingClient() {
        return relay.client().isReading() && !relay.client().hasBacklog();
    }

    void pingClient() {
        // The payload need not be secret: a client that predicts it can only answer its own Ping.
        relay.pingClient(ThreadLocalRandom.current().nextLong());
    }

    void clientSilent() {
        relay.closer().resetClient(TunnelOutcome.RESET_CLIENT_SILENT);
    }

    void tooOld() {
        terms.closeQueue().enqueue(this, CloseReason.MAX_AGE, () -> close(CloseReason.MAX_AGE));
    }

    void rightsEnded() {
        terms.closeQueue()
                .enqueue(
                        this,
                        rights.endReason(),
                        () -> relay.tasks().run(() -> relay.close(rights.endReason(), rights.closeCode())));
    }

    void idle() {
        terms.closeQueue().enqueue(this, CloseReason.IDLE, () -> relay.tasks().run(this::closeIfIdle));
    }

    private void closeIfIdle() {
        if (lifetime != null && isOpen() && lifetime.stillIdle()) {
            relay.close(CloseReason.IDLE);
        }
    }
}
