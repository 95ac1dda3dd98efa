// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.frames.FrameTracker;
import dev.wsroute.proxy.frames.HeldHeader;
import dev.wsroute.proxy.frames.OwnFrames;
import dev.wsroute.proxy.metrics.TunnelMeter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/** One side of a tunnel: its input and output, independent of the kind of wire. */
final class Side implements WireEvents, FrameOutput {

    private final TunnelPeer peer;
    private final Channel channel;
    private final Flow flow;
    private final Wire wire;
    private final SideEvents events;
    private final TunnelMeter meter;
    private final StallWatch stallWatch;
    /** As {@link System#nanoTime}; 0 while reading is not paused. */
    private long pausedSince;

    /** @param flow frames from this side */
    Side(
            TunnelPeer peer,
            Handover from,
            Flow flow,
            SideEvents events,
            TunnelMeter meter,
            LoopTasks tasks,
            RelayLimits limits) {
        this.peer = peer;
        this.channel = from.channel();
        this.flow = flow;
        this.events = events;
        this.meter = meter;
        this.wire = Wire.of(from, peer, this, limits.buffer(), limits.maxBufferedBytes());
        this.stallWatch = new StallWatch(wire, tasks, limits.writeStall(), () -> events.stalled(this));
    }

    TunnelPeer peer() {
        return peer;
    }

    Flow flow() {
        return flow;
    }

    /** Takes over the connection. Nothing is read before {@link #readMore}. */
    void open() {
        wire.open();
    }

    boolean isOpen() {
        return wire.isOpen();
    }

    boolean inputEnded() {
        return wire.inputEnded();
    }

    /** Queues bytes of the proxy, and releases the buffer. */
    void write(ByteBuf bytes) {
        wire.write(bytes);
    }

    @Override
    public void pass(ByteBuf buffer, int start, int end) {
        wire.pass(buffer, start, end);
    }

    @Override
    public void passHeld(FrameTracker tracker) {
        ByteBuf header = channel.alloc().directBuffer(HeldHeader.CAPACITY);
        tracker.writeReleased(header);
        wire.write(header);
    }

    @Override
    public void closeFollows() {
        if (flow.isOver()) {
            wire.lastFollows();
        }
    }

    @Override
    public void writePing(long payload) {
        wire.write(OwnFrames.ping(channel.alloc(), payload));
    }

    @Override
    public void writeClose(CloseReason reason, int code) {
        wire.write(OwnFrames.close(channel.alloc(), code, reason.phrase(), peer == TunnelPeer.BACKEND));
        flush();
    }

    @Override
    public void flush() {
        wire.flush();
        watchBacklog();
    }

    /** Ends the output (FIN) once all queued bytes are sent. */
    void endOutput() {
        wire.endOutput(false);
        watchBacklog();
    }

    /** Closes the connection once all queued bytes are sent: the peer has sent its last. */
    void finish() {
        wire.endOutput(true);
        watchBacklog();
    }

    private void watchBacklog() {
        if (wire.hasBacklog()) {
            stallWatch.watch();
        }
    }

    /** Sends queued bytes as far as possible without waiting, and closes with a TCP reset. */
    void reset() {
        wire.reset();
    }

    /**
     * Resumes or pauses reading.
     *
     * @param accepted whether the other side accepts more bytes
     * @param inTime whether this side does not have to wait since it sends faster than it may
     */
    void readMore(boolean accepted, boolean inTime) {
        if (wire.isOpen()) {
            notePause(!accepted);
            wire.readMore(accepted && inTime);
        }
    }

    void readLess() {
        wire.readLess();
    }

    /** Keeps the end of what is being received; see {@link Wire#holdBack}. */
    void holdBack(ByteBuf buffer, int start, int end) {
        wire.holdBack(buffer, start, end);
    }

    boolean isReading() {
        return wire.isReading();
    }

    boolean isWritable() {
        return wire.isWritable();
    }

    /** Whether bytes are queued for this side. */
    boolean hasBacklog() {
        return wire.hasBacklog();
    }

    /** Number of queued bytes. */
    long backlogBytes() {
        return wire.backlogBytes();
    }

    /** When the peer last read, as {@link System#nanoTime}; 0 if no bytes are queued for it. */
    long stalledSince() {
        return stallWatch.stalledSince();
    }

    /** Whether the peer is still stalled. Called when the queued close is executed. */
    boolean stillStalled() {
        return stallWatch.stillStalled();
    }

    private void notePause(boolean pause) {
        if (pause == (pausedSince != 0)) {
            return;
        }
        long now = System.nanoTime();
        if (pause) {
            pausedSince = now == 0 ? 1 : now;
            meter.readingPaused(peer.sends());
        } else {
            meter.readingResumed(peer.sends(), now - pausedSince);
            pausedSince = 0;
        }
    }

    @Override
    public void received(ByteBuf buffer, int headroom) {
        events.received(this, buffer, headroom);
    }

    @Override
    public void receivedAll() {
        events.receivedAll(this);
    }

    @Override
    public void writabilityChanged() {
        events.writabilityChanged(this);
    }

    @Override
    public void outputFailed() {
        events.outputFailed(this);
    }

    @Override
    public void outputEnded() {
        events.outputEnded();
    }

    @Override
    public void inputEnded(boolean reset) {
        events.inputEnded(this, reset);
    }

    @Override
    public void closed() {
        notePause(false);
        stallWatch.cancel();
        events.closed();
    }

    @Override
    public void evicted() {
        events.evicted();
    }

    @Override
    public void threw(Throwable cause) {
        events.threw(cause);
    }
}
