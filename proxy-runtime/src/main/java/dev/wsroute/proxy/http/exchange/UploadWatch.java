// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.exchange;

import dev.wsroute.proxy.containment.Deadline;
import dev.wsroute.proxy.snapshot.BodyRate;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Detects a stalled request body: no byte arrived or left for too long, or the client sends too slowly. Each piece is
 * only recorded, and the timer evaluates them when it fires, so that a large upload does not set a timer per piece.
 */
final class UploadWatch {

    /** The side that stalls. */
    enum Stalled {
        CLIENT,
        BACKEND
    }

    private final Channel backend;
    private final Duration limit;
    private final BodyRate rate;
    private final Deadline deadline;
    private final Consumer<Stalled> stalled;
    private long progressedAt;
    private long undrained;
    private boolean clientMayGoOn;
    private long windowFrom;
    private long received;
    private boolean othersWaitedFor;

    /**
     * @param client reset if {@code stalled} throws
     * @param limit maximum time without progress
     * @param rate minimum rate of the client
     * @param stalled called on the event loop; once, unless {@link #resume} is called
     */
    UploadWatch(Channel client, Channel backend, Duration limit, BodyRate rate, Consumer<Stalled> stalled) {
        this.backend = backend;
        this.limit = limit;
        this.rate = rate;
        this.deadline = new Deadline(client);
        this.stalled = stalled;
    }

    /** Starts, or continues after a call of {@code stalled}. */
    void resume() {
        progressed();
        beginWindow(System.nanoTime());
        arm(limit);
    }

    /** The client need not wait any more: from now on the minimum rate applies. */
    void clientMayGoOn() {
        if (!clientMayGoOn) {
            clientMayGoOn = true;
            beginWindow(System.nanoTime());
        }
    }

    /** A piece of the body arrived. */
    void received(int bytes) {
        received += bytes;
        clientMayGoOn();
        progressed();
        notLateWhileBackendIsFull();
    }

    /** A piece was forwarded, in either direction. */
    void progressed() {
        progressedAt = System.nanoTime();
        undrained = backend.bytesBeforeWritable();
    }

    void stop() {
        deadline.cancel();
    }

    private void look() {
        long left = backend.bytesBeforeWritable();
        if (left < undrained) {
            // The backend makes progress, though not yet enough to resume reading from the client.
            progressed();
        }
        notLateWhileBackendIsFull();
        long now = System.nanoTime();
        Duration idle = Duration.ofNanos(now - progressedAt);
        if (idle.compareTo(limit) >= 0) {
            stalled.accept(backend.isWritable() ? Stalled.CLIENT : Stalled.BACKEND);
        } else if (isDripping(now)) {
            stalled.accept(Stalled.CLIENT);
        } else {
            arm(limit.minus(idle));
        }
    }

    private boolean isDripping(long now) {
        if (!clientMayGoOn || now - windowFrom < rate.window().toNanos()) {
            return false;
        }
        if (received < rate.bytes() && !othersWaitedFor) {
            return true;
        }
        beginWindow(now);
        return false;
    }

    private void beginWindow(long now) {
        windowFrom = now;
        received = 0;
        othersWaitedFor = false;
    }

    private void notLateWhileBackendIsFull() {
        othersWaitedFor |= !backend.isWritable();
    }

    private void arm(Duration untilStalled) {
        deadline.arm(untilStalled.compareTo(rate.window()) < 0 ? untilStalled : rate.window(), this::look);
    }
}
