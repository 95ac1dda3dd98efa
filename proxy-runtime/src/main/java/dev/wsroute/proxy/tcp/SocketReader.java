// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import dev.wsroute.proxy.containment.Containment;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

/**
 * Reads a socket while there is input and its owner wants it. Epoll reports each change once (edge-triggered, epoll(7)), so
 * this class remembers what was reported, also when the socket gets a new owner. All methods are called on the event loop.
 */
public final class SocketReader {

    /** After this many reads, other connections of the event loop are served first. */
    private static final int READS_PER_BURST = 16;

    /** What is known about the socket's input. */
    private enum Input {
        NOTHING,
        BYTES,
        /** The end of the stream follows the available bytes, so a short read is not the last. */
        BYTES_AND_END,
        /** The end was read, or the socket is closed. */
        ENDED
    }

    private final TcpChannel channel;
    private final Socket socket;
    private SocketOwner owner;
    private Input input = Input.NOTHING;
    /** Stays true, since a TCP connection that broke never recovers. Bytes from before can still be read. */
    private boolean broken;

    private boolean reading;
    private boolean scheduled;

    SocketReader(TcpChannel channel, Socket socket, SocketOwner owner) {
        this.channel = channel;
        this.socket = socket;
        this.owner = owner;
    }

    SocketOwner owner() {
        return owner;
    }

    /** Makes {@code next} the owner. It is first called in a later task of the event loop. */
    void passTo(SocketOwner next) {
        owner = next;
        if (input == Input.ENDED && channel.isActive()) {
            // So that the next owner reads the end or the error, too.
            input = Input.BYTES_AND_END;
        }
        resume();
    }

    /**
     * Epoll reports input.
     *
     * @param end whether it includes the end of the stream
     * @param error whether the connection has failed
     */
    void readable(boolean end, boolean error) {
        if (input == Input.ENDED) {
            if (error) {
                owner.brokenAfterEnd();
            }
            return;
        }
        input = end || input == Input.BYTES_AND_END ? Input.BYTES_AND_END : Input.BYTES;
        boolean breaks = error && !broken;
        broken |= error;
        if (!reading) {
            proceed(breaks);
        }
    }

    /** Announces that the owner holds bytes that were read earlier and must be delivered first. */
    public void holdsBytes() {
        if (input == Input.NOTHING) {
            input = Input.BYTES;
        }
    }

    /** Continues to read in a later task, if the owner wants input then. */
    public void resume() {
        if (isReadable() && !reading && !scheduled) {
            scheduled = true;
            Containment.execute(channel, () -> {
                scheduled = false;
                if (isReadable() && !reading && channel.isActive()) {
                    proceed(false);
                }
            });
        }
    }

    /** Whether there may be unread input. */
    public boolean isReadable() {
        return input == Input.BYTES || input == Input.BYTES_AND_END;
    }

    /** Whether the end of the stream was reported and is not read yet. */
    public boolean isEnding() {
        return input == Input.BYTES_AND_END;
    }

    /** Whether the end of the stream was read, or {@link #end} was called. */
    public boolean hasEnded() {
        return input == Input.ENDED;
    }

    /** Stops reading for good. */
    public void end() {
        input = Input.ENDED;
    }

    /** @param once even if no input is wanted, since it may be the error */
    private void proceed(boolean once) {
        if (once || owner.wantsInput()) {
            readBurst();
        } else {
            reportUnreadEnd();
        }
    }

    private void reportUnreadEnd() {
        if (broken || isEnding()) {
            owner.unreadEnd(broken ? UnreadEnd.BROKEN : UnreadEnd.ENDED);
        }
    }

    private void readBurst() {
        SocketOwner current = owner;
        reading = true;
        try {
            Throwable failure = readBurst(current);
            if (failure != null) {
                current.inputFailed(failure);
            }
            current.receivedAll();
            reading = false;
            if (isTaken(current)) {
                passTo(owner);
            } else if (input == Input.ENDED) {
                current.endOfInput();
            } else if (current.wantsInput()) {
                resume();
            } else {
                reportUnreadEnd();
            }
        } catch (Throwable e) {
            reading = false;
            current.threw(e);
        }
    }

    /** Returns what {@link SocketOwner#receive} threw, which ends the input. */
    private @Nullable Throwable readBurst(SocketOwner current) {
        int reads = 0;
        do {
            int read;
            try {
                read = current.receive(socket);
            } catch (Throwable e) {
                // Whatever it is, such as an OutOfMemoryError for a buffer, ends only this connection.
                input = Input.ENDED;
                return e;
            }
            if (read <= 0) {
                input = read < 0 ? Input.ENDED : Input.NOTHING;
                return null;
            }
            if (input == Input.BYTES && !current.mayHaveMore()) {
                input = Input.NOTHING;
            }
            current.received();
        } while (isReadable() && !isTaken(current) && current.wantsInput() && ++reads < READS_PER_BURST);
        return null;
    }

    private boolean isTaken(SocketOwner from) {
        return owner != from;
    }
}
