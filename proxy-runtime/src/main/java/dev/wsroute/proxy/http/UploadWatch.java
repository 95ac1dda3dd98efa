package dev.wsroute.proxy.http;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Notices that a request's body does not get on: nothing of it came, nor went, for as long as it may take. Pieces are only
 * noted; the timer looks at them when it fires, so that a large upload costs no timer a piece.
 */
final class UploadWatch {

    /** Who is waited for. */
    enum Stalled {
        CLIENT,
        BACKEND
    }

    private final Channel backend;
    private final Duration limit;
    private final Deadline deadline;
    private final Consumer<Stalled> stalled;
    private long progressedAt;
    private long undrained;

    /**
     * @param client is reset when {@code stalled} fails
     * @param stalled on the event loop of both; once, unless {@link #resume} is called
     */
    UploadWatch(Channel client, Channel backend, Duration limit, Consumer<Stalled> stalled) {
        this.backend = backend;
        this.limit = limit;
        this.deadline = new Deadline(client);
        this.stalled = stalled;
    }

    /** Begins, or goes on after {@code stalled} was told. */
    void resume() {
        progressed();
        deadline.arm(limit, this::look);
    }

    /** A piece went through, in either direction. */
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
            // The backend takes some, though not yet enough for more to be read from the client.
            progressed();
        }
        Duration idle = Duration.ofNanos(System.nanoTime() - progressedAt);
        if (idle.compareTo(limit) < 0) {
            deadline.arm(limit.minus(idle), this::look);
        } else {
            stalled.accept(backend.isWritable() ? Stalled.CLIENT : Stalled.BACKEND);
        }
    }
}
