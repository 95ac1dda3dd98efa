// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.config.ConnectionRules;
import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.containment.ThreadRules;
import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.metrics.TunnelMeter;
import dev.wsroute.proxy.metrics.TunnelOutcome;
import dev.wsroute.proxy.routing.EndpointLease;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Connects both sides of a tunnel, with backpressure. Bytes flow from a wire through a {@link Flow} to the other wire.
 * Events flow from the wires to this class, and {@link TunnelCloser} decides what follows. Confined to the event loop.
 */
final class Relay implements SideEvents {

    private final Side client;
    private final Side backend;
    private final TunnelCloser closer;
    private final EventLoop loop;
    private final LoopTasks tasks;
    private final TunnelMeter meter;
    private final @Nullable Lifetime lifetime;
    /** Null if the client may send as fast as it can. */
    private final @Nullable ClientPace pace;

    private final Consumer<Side> stalled;
    private final Consumer<TunnelState.Finished> finished;

    /**
     * @param lifetime is notified when a side sends; null if there are no time limits
     * @param stalled is called with a side that has read nothing for the write stall timeout
     * @param finished is called once both connections are closed
     */
    Relay(
            Handover client,
            Handover backend,
            Flow up,
            Flow down,
            EndpointLease lease,
            TunnelMeter meter,
            RelayLimits limits,
            ConnectionRules rules,
            @Nullable Lifetime lifetime,
            Consumer<Side> stalled,
            Consumer<TunnelState.Finished> finished) {
        EventLoop loop = client.channel().eventLoop();
        this.loop = loop;
        this.tasks = new LoopTasks(loop, cause -> contain(FailurePoint.TASK, cause));
        this.meter = meter;
        this.lifetime = lifetime;
        this.stalled = stalled;
        this.finished = finished;
        this.client = new Side(TunnelPeer.CLIENT, client, up, this, meter, tasks, limits);
        this.pace = ClientPace.of(rules, tasks, meter);
        if (pace != null) {
            this.client.readLess();
        }
        this.backend = new Side(TunnelPeer.BACKEND, backend, down, this, meter, tasks, limits);
        this.closer = new TunnelCloser(this.client, this.backend, lease, meter, tasks, limits.closeTimeout());
    }

    /** Takes over both connections, and reports when they end. */
    void take() {
        client.open();
        backend.open();
    }

    /**
     * Starts to forward.
     *
     * @param switching the 101 to the client, which is sent first; released
     */
    void begin(ByteBuf switching) {
        assert ThreadRules.on(loop);
        client.write(switching);
        client.flush();
        followPace();
    }

    Side client() {
        return client;
    }

    Side backend() {
        return backend;
    }

    TunnelCloser closer() {
        return closer;
    }

    LoopTasks tasks() {
        return tasks;
    }

    private Side other(Side side) {
        return side.peer() == TunnelPeer.CLIENT ? backend : client;
    }

    /** The proxy closes the tunnel, unless it already does. */
    void close(CloseReason reason) {
        close(reason, reason.code());
    }

    /** As {@link #close(CloseReason)}, with another close code. */
    void close(CloseReason reason, int code) {
        assert ThreadRules.on(loop);
        closer.close(reason, code);
        followPace();
    }

    /** Resets a side that no Close can reach. The other side gets its Close. */
    void cutOff(Side side, CloseReason reason, TunnelOutcome how) {
        assert ThreadRules.on(loop);
        closer.cutOff(side, reason, how);
        followPace();
    }

    void pingClient(long payload) {
        client.flow().awaitAnswer(payload);
        backend.flow().ping(payload, client);
    }

    @Override
    public void received(Side from, ByteBuf buffer, int headroom) {
        if (pace != null && from.peer() == TunnelPeer.CLIENT && isPaced()) {
            receivedAtPace(pace, buffer, headroom);
        } else {
            forward(from, buffer, headroom);
        }
    }

    /** Whether the client's pace matters: from the first Close on, the closing handshake must not wait. */
    private boolean isPaced() {
        Flow up = client.flow();
        Flow down = backend.flow();
        return closer.mayClose() && !up.discards() && !up.isOver() && !down.isOver();
    }

    private void receivedAtPace(ClientPace limit, ByteBuf buffer, int headroom) {
        Flow flow = client.flow();
        int end = buffer.writerIndex();
        int start = buffer.readerIndex();
        int next = start + (limit.isWaiting() ? 0 : limit.allowedBytes(end - start));
        boolean ofMessages = false;
        if (next > start) {
            long before = flow.messages();
            flow.allowMessages(limit.allowedMessages());
            forward(client, buffer.writerIndex(next), headroom);
            flow.allowMessages(Long.MAX_VALUE);
            ofMessages = flow.heldFrom() >= 0;
            next = ofMessages ? flow.heldFrom() : next;
            limit.passed(flow.messages() - before, next - start);
        }
        if (next == end) {
            return;
        }
        if (isPaced()) {
            if (!limit.closesNow()) {
                client.holdBack(buffer, next, end);
                limit.await(ofMessages, () -> followPace(client));
                followPace(client);
                return;
            }
            close(CloseReason.RATE_EXCEEDED);
        }
        forward(client, buffer.setIndex(next, end), 0);
    }

    private void forward(Side from, ByteBuf buffer, int headroom) {
        Flow flow = from.flow();
        long before = flow.bytes();
        Flow.FrameEvent event = flow.read(buffer, headroom, other(from));
        if (lifetime != null) {
            if (from.peer() == TunnelPeer.CLIENT) {
                lifetime.clientSent(flow.bytes() != before);
            } else {
                lifetime.backendSent(flow.takePing());
            }
        }
        if (event != Flow.FrameEvent.NONE) {
            closer.frameEvent(from, event);
            followPace();
        }
    }

    @Override
    public void receivedAll(Side from) {
        other(from).flush();
        from.flow().report(meter, from.peer());
    }

    @Override
    public void writabilityChanged(Side to) {
        followPace(other(to));
    }

    @Override
    public void outputFailed(Side to) {
        Side from = other(to);
        from.flow().discard();
        followPace(from);
    }

    @Override
    public void outputEnded() {
        closer.outputEnded();
    }

    @Override
    public void inputEnded(Side from, boolean reset) {
        closer.inputEnded(from, reset);
        followPace();
    }

    @Override
    public void stalled(Side side) {
        stalled.accept(side);
    }

    @Override
    public void closed() {
        assert ThreadRules.on(loop);
        if (!closer.isFinished() && !client.isOpen() && !backend.isOpen()) {
            if (pace != null) {
                pace.end();
            }
            TunnelState.Finished end = closer.finish();
            try {
                client.flow().report(meter, TunnelPeer.CLIENT);
                backend.flow().report(meter, TunnelPeer.BACKEND);
            } finally {
                finished.accept(end);
            }
        }
    }

    @Override
    public void evicted() {
        closer.evicted();
    }

    @Override
    public void threw(Throwable cause) {
        contain(FailurePoint.IO, cause);
    }

    /** Handles everything that is thrown while serving this tunnel: counts it and resets both sides. */
    void contain(FailurePoint place, Throwable cause) {
        Containment.count(loop, place, cause);
        try {
            closer.broken();
        } catch (Throwable again) {
            // Resetting closes the sockets in any case.
            Containment.count(loop, place, again);
        }
    }

    /** Whether the client has sent something that it has to wait for. */
    boolean holdsBack() {
        return pace != null && pace.isWaiting();
    }

    /** Reads as fast as the other side accepts bytes, and the client at its pace. Input that is dropped can be read at once. */
    private void followPace() {
        followPace(client);
        followPace(backend);
    }

    private void followPace(Side from) {
        boolean accepted = from.flow().discards() || other(from).isWritable();
        from.readMore(accepted, from != client || !holdsBack() || !isPaced());
    }
}
