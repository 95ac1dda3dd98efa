package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.metrics.Direction;
import dev.wsroute.proxy.tcp.TcpChannel;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One end of a tunnel: what has happened there, whichever wire its bytes go over. */
final class Side {

    private static final Logger LOG = LoggerFactory.getLogger(Side.class);

    private final Tunnel tunnel;
    private final Channel channel;
    private final boolean backend;
    private final StallWatch stallWatch;
    private final Wire wire;
    private boolean inputEnded;
    private boolean outputEnding;
    private boolean outputEnded;
    private boolean resetting;
    private long pausedSince;

    /**
     * @param writeStall how long this end may take no byte while some wait for it
     * @param maxBufferedBytes as soon as more wait for this end, it is not writable
     */
    Side(Tunnel tunnel, Handover from, boolean backend, Duration writeStall, LoopBuffer buffer, int maxBufferedBytes) {
        this.tunnel = tunnel;
        this.channel = from.channel();
        this.backend = backend;
        this.wire = from.channel() instanceof TcpChannel tcp
                ? new EpollWire(this, tcp, from.unread(), buffer, maxBufferedBytes)
                : new ChannelWire(this, from, maxBufferedBytes);
        this.stallWatch = new StallWatch(this, channel.eventLoop(), writeStall, () -> tunnel.stalled(this));
    }

    boolean isBackend() {
        return backend;
    }

    boolean isOpen() {
        return wire.isOpen();
    }

    boolean inputEnded() {
        return inputEnded;
    }

    /** Queues bytes of the proxy's own, and releases them. */
    void write(ByteBuf bytes) {
        wire.write(bytes);
    }

    /** Queues a part of a buffer, which may be overwritten then; {@link #flush} sends. */
    void pass(ByteBuf buffer, int start, int end) {
        if (!outputEnding) {
            wire.pass(buffer, start, end);
        }
    }

    /** What is passed next is the last, and {@link #endOutput} follows at once. */
    void lastFollows() {
        if (!outputEnding) {
            wire.lastFollows();
        }
    }

    /** Queues the first bytes of a header that was cut. */
    void passHeld(FrameTracker tracker) {
        if (!outputEnding) {
            ByteBuf header = channel.alloc().directBuffer(HeldHeader.CAPACITY);
            tracker.writeReleased(header);
            wire.write(header);
        }
    }

    void writeClose(CloseReason reason) {
        if (!outputEnding) {
            wire.write(OwnFrames.close(channel.alloc(), reason, backend));
            flush();
        }
    }

    /** Queues a Ping towards a client. */
    void writePing(long payload) {
        if (!outputEnding) {
            wire.write(OwnFrames.ping(channel.alloc(), payload));
        }
    }

    void flush() {
        wire.flush();
        if (wire.hasBacklog()) {
            stallWatch.watch();
        }
    }

    /** Ends the output once all is sent; then the other end sees EOF. */
    void endOutput() {
        if (!outputEnding) {
            outputEnding = true;
            wire.endOutput();
            if (wire.hasBacklog()) {
                stallWatch.watch();
            }
        }
    }

    /** Closes once all is sent: the other end has said that it sends no more. */
    void finish() {
        if (!outputEnding) {
            wire.lastHeard();
        }
        endOutput();
    }

    /** Sends what is queued, as far as the other end takes it at once, and closes such that it sees a reset. */
    void reset() {
        if (!resetting && wire.isOpen()) {
            resetting = true;
            outputEnding = true;
            wire.reset();
        }
    }

    void readMore(boolean more) {
        notePause(!more);
        wire.readMore(more);
    }

    boolean isReading() {
        return wire.isReading();
    }

    boolean isWritable() {
        return wire.isWritable();
    }

    /** Bytes wait for this end to take them. */
    boolean hasBacklog() {
        return wire.hasBacklog();
    }

    /** Whether it takes nothing still, now that its turn has come. */
    boolean stillStalled() {
        return stallWatch.stillStalled();
    }

    /** Grows with every byte that this end takes while some wait. */
    long taken() {
        return wire.taken();
    }

    private void notePause(boolean pause) {
        if (pause == (pausedSince != 0)) {
            return;
        }
        long now = System.nanoTime();
        Direction direction = backend ? Direction.BACKEND_TO_CLIENT : Direction.CLIENT_TO_BACKEND;
        if (pause) {
            pausedSince = now == 0 ? 1 : now;
            tunnel.meter().readingPaused(direction);
        } else {
            tunnel.meter().readingResumed(direction, now - pausedSince);
            pausedSince = 0;
        }
    }

    // From its wire.

    /**
     * Bytes have come; the buffer stays the wire's.
     *
     * @param headroom so many bytes before them are free
     */
    void received(ByteBuf buffer, int headroom) {
        tunnel.read(this, buffer, headroom);
    }

    /** No more is at hand now. */
    void receivedAll() {
        tunnel.readComplete(this);
    }

    void writabilityChanged() {
        tunnel.writabilityChanged(this);
    }

    /** Nothing that is sent here matters any more. Reading tells how it ended. */
    void outputFailed() {
        tunnel.outputFailed(this);
    }

    /** A mistake of ours must not leave a tunnel that nobody looks after. */
    void ownError(Throwable cause) {
        LOG.warn("A tunnel is reset for an error of the proxy's own", cause);
        reset();
    }

    /** All was sent, and the output ended; or could not be. */
    void outputEnded() {
        outputEnded = true;
        tunnel.outputEnded();
    }

    /** The other end sends no more. */
    void inputEnded(boolean reset) {
        if (!inputEnded) {
            inputEnded = true;
            tunnel.inputEnded(this, reset);
            if (outputEnded) {
                wire.close();
            }
        }
    }

    /** The connection is closed. */
    void closed(boolean reset) {
        notePause(false);
        stallWatch.cancel();
        inputEnded(reset);
        tunnel.closed();
    }
}
