package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.balance.EndpointLease;
import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.discovery.SourceKey;
import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.drain.ConnectionRegistry;
import dev.wsroute.proxy.drain.ConnectionView;
import dev.wsroute.proxy.drain.LiveConnection;
import dev.wsroute.proxy.metrics.AccessEntry;
import dev.wsroute.proxy.metrics.Direction;
import dev.wsroute.proxy.metrics.TunnelEnd;
import dev.wsroute.proxy.metrics.TunnelMeter;
import dev.wsroute.proxy.routing.ActiveRule;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An open WebSocket between a client and a backend. Both channels are on one event loop, where everything happens but
 * {@link #close} and {@link #view}. {@link TunnelEnding} has the rules of how it ends.
 */
public final class Tunnel implements LiveConnection {

    private final Side client;
    private final Side backend;
    private final Flow up;
    private final Flow down;
    private final EventLoop loop;
    private final ActiveRule rule;
    private final EndpointLease lease;
    private final ConnectionRegistry connections;
    private final Supplier<AccessEntry> facts;
    private final Outcome outcome;
    private final TunnelTerms terms;
    private final TunnelEnding ending;
    private final Keepalive keepalive;
    private @Nullable Lifetime lifetime;
    private boolean finished;

    Tunnel(
            Handover client,
            Handover backend,
            ActiveRule rule,
            EndpointLease lease,
            int legalRsv,
            TunnelTerms terms,
            ConnectionRegistry connections,
            TunnelMeter meter,
            Supplier<AccessEntry> facts,
            Consumer<AccessEntry.Tunnel> ended) {
        Duration writeStall = rule.config().timeouts().writeStall();
        this.loop = client.channel().eventLoop();
        LoopBuffer buffer = terms.loops().buffer(loop);
        int maxBuffered = terms.maxBufferedBytes().getAsInt();
        this.client = new Side(this, client, false, writeStall, buffer, maxBuffered);
        this.backend = new Side(this, backend, true, writeStall, buffer, maxBuffered);
        Long limit = rule.config().connections().maxMessageBytes();
        long maxMessage = limit == null ? Long.MAX_VALUE : limit;
        this.up =
                new Flow(this, Direction.CLIENT_TO_BACKEND, this.backend, new FrameTracker(true, legalRsv, maxMessage));
        this.down =
                new Flow(this, Direction.BACKEND_TO_CLIENT, this.client, new FrameTracker(false, legalRsv, maxMessage));
        this.rule = rule;
        this.lease = lease;
        this.connections = connections;
        this.facts = facts;
        this.outcome = new Outcome(meter, ended);
        this.terms = terms;
        this.keepalive = new Keepalive(this, client.channel(), backend.channel(), writeStall);
        this.ending = new TunnelEnding(
                this.client,
                this.backend,
                up,
                down,
                lease,
                outcome,
                new CloseTimer(loop, terms.closeTimeout().get()));
    }

    /**
     * Begins.
     *
     * @param switching the 101 to the client, which goes before all else; released
     */
    public void open(ByteBuf switching) {
        // Listed before the client hears of it: nobody who has a 101 can be overlooked.
        connections.add(this);
        lifetime = Lifetime.begin(this, terms.loops(), rule.config());
        terms.loops().keepalives(loop).add(keepalive);
        client.write(switching);
        client.flush();
        followPace(up);
        followPace(down);
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
    public ConnectionView view() {
        AccessEntry line = facts.get();
        return new ConnectionView(
                line.requestId(),
                route(),
                rule(),
                lease.backend(),
                line.client(),
                Objects.requireNonNullElse(line.endpoint(), ""),
                TimeUnit.NANOSECONDS.toSeconds(line.nanos()),
                up.messages(),
                up.bytes(),
                down.messages(),
                down.bytes());
    }

    @Override
    public void close(CloseReason reason) {
        loop.execute(() -> closeNow(reason));
    }

    private void closeNow(CloseReason reason) {
        if (!finished) {
            ending.close(reason);
        }
    }

    TunnelMeter meter() {
        return outcome.meter();
    }

    // From the sides.

    void read(Side from, ByteBuf buffer, int headroom) {
        Lifetime limits = lifetime;
        if (limits == null) {
            flowFrom(from).read(buffer, headroom);
        } else if (from.isBackend()) {
            down.read(buffer, headroom);
            limits.backendSpoke(down.takePing());
        } else {
            long before = up.bytes();
            up.read(buffer, headroom);
            limits.clientSpoke(up.bytes() != before);
        }
    }

    void readComplete(Side from) {
        other(from).flush();
        flowFrom(from).report();
    }

    void writabilityChanged(Side to) {
        followPace(flowFrom(other(to)));
    }

    void inputEnded(Side from, boolean reset) {
        if (from.isBackend()) {
            ending.backendEnded();
        } else {
            ending.clientEnded(reset);
        }
    }

    void outputFailed(Side to) {
        flowFrom(other(to)).discard();
    }

    void closed() {
        if (finished || client.isOpen() || backend.isOpen()) {
            return;
        }
        finished = true;
        connections.remove(this);
        lease.release();
        terms.loops().keepalives(loop).remove(keepalive);
        if (lifetime != null) {
            lifetime.cancel();
        }
        ending.finished();
    }

    void outputEnded() {
        ending.outputEnded();
    }

    void stalled(Side side) {
        terms.turns().due(this, CloseReason.WRITE_STALL, () -> loop.execute(() -> cutOffIfStalled(side)));
    }

    private void cutOffIfStalled(Side side) {
        if (side.stillStalled()) {
            ending.cutOff(side);
        }
    }

    // From its lifetime.

    EventLoop loop() {
        return loop;
    }

    /** Neither closed nor being closed by the proxy. */
    boolean isOpen() {
        return !finished && !outcome.isClosing();
    }

    /** All that came, in either direction. */
    long bytes() {
        return up.bytes() + down.bytes();
    }

    boolean hasBacklog() {
        return client.hasBacklog() || backend.hasBacklog();
    }

    /** Whether the client's silence is its own: it is read from, and all that was sent to it is on its way. */
    boolean hearsClient() {
        return client.isReading() && !client.hasBacklog();
    }

    void pingClient() {
        // No secret: who foretold it could answer for nobody but itself.
        long payload = ThreadLocalRandom.current().nextLong();
        up.awaitAnswer(payload);
        down.ping(payload);
    }

    void clientSilent() {
        ending.resetClient(TunnelEnd.RESET_CLIENT_SILENT);
    }

    void tooOld() {
        terms.turns().due(this, CloseReason.MAX_AGE, () -> close(CloseReason.MAX_AGE));
    }

    void idle() {
        terms.turns().due(this, CloseReason.IDLE, () -> loop.execute(this::closeIfIdle));
    }

    private void closeIfIdle() {
        if (lifetime != null && isOpen() && lifetime.stillIdle()) {
            closeNow(CloseReason.IDLE);
        }
    }

    // From the flows.

    /** Whether that side has sent its Close frame, or what can't be read any more. */
    boolean hasSaidClose(Side side) {
        return flowFrom(side).closeSeen();
    }

    void closeSeen(Flow from) {
        followPace(from);
        ending.closeSeen(from);
    }

    void closeWritten() {
        ending.completeOutputs();
    }

    /** What comes from there can't be passed on, nor read as frames. */
    void broken(CloseReason reason) {
        ending.broken(reason);
    }

    /** Reading goes on as fast as the other end takes it; what is dropped can be read at once. */
    void followPace(Flow flow) {
        Side from = flow == up ? client : backend;
        from.readMore(flow.discarding() || other(from).isWritable());
    }

    private Flow flowFrom(Side side) {
        return side.isBackend() ? down : up;
    }

    private Side other(Side side) {
        return side.isBackend() ? client : backend;
    }
}
