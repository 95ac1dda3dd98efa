package dev.wsroute.proxy.tcp;

import dev.wsroute.proxy.containment.Containment;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

/**
 * Reads a socket as long as something is there and its owner wants it. Epoll reports each change once (edge-triggered,
 * epoll(7)), so what it reports meanwhile is remembered, whoever owns the socket. All methods are called on the event
 * loop.
 */
public final class SocketReader {

    /** After so many reads others are served first. */
    private static final int READS_PER_BURST = 16;

    /** What is known to be in the socket. */
    private enum Input {
        NOTHING,
        BYTES,
        /** The end of the stream is behind what can be read: a short read is not the last. */
        BYTES_AND_END,
        /** The end was read, or the socket is closed. */
        ENDED
    }

    private final TcpChannel channel;
    private final Socket socket;
    private SocketOwner owner;
    private Input input = Input.NOTHING;
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

    /** From now on {@code next} owns the socket; it gets nothing before a later task of the event loop. */
    void passTo(SocketOwner next) {
        owner = next;
        if (input == Input.ENDED && channel.isActive()) {
            // The next owner reads the end, or the error, once more.
            input = Input.BYTES_AND_END;
        }
        resume();
    }

    /**
     * Epoll reports that there is something to read.
     *
     * @param end among it, the end of the stream
     * @param error nothing but an error can follow
     */
    void readable(boolean end, boolean error) {
        if (input == Input.ENDED) {
            if (error) {
                owner.brokenAfterEnd();
            }
            return;
        }
        input = end || input == Input.BYTES_AND_END ? Input.BYTES_AND_END : Input.BYTES;
        broken |= error;
        if (!reading) {
            proceed(error);
        }
    }

    /** The owner has bytes that it read elsewhere, and that are to come first. */
    public void bytesAreThere() {
        if (input == Input.NOTHING) {
            input = Input.BYTES;
        }
    }

    /** Reads in a later task what the owner wants. */
    public void resume() {
        if (isReadable() && !reading && !scheduled) {
            scheduled = true;
            Containment.execute(channel, () -> {
                scheduled = false;
                if (isReadable() && !reading && channel.isActive()) {
                    proceed(broken);
                }
            });
        }
    }

    /** Something is known to be there, or was not looked for. */
    public boolean isReadable() {
        return input == Input.BYTES || input == Input.BYTES_AND_END;
    }

    /** The end of the stream is behind what can be read. */
    public boolean isEnding() {
        return input == Input.BYTES_AND_END;
    }

    /** The end of the stream was read, or {@link #end} was called. */
    public boolean hasEnded() {
        return input == Input.ENDED;
    }

    /** Nothing is read any more. */
    public void end() {
        input = Input.ENDED;
    }

    /** @param once even where no input is wanted: it may be an error */
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

    /** Returns what the owner threw when it tried to read, which ends the input. */
    private @Nullable Throwable readBurst(SocketOwner current) {
        int reads = 0;
        do {
            int read;
            try {
                read = current.receive(socket);
            } catch (Throwable e) {
                // No memory for a buffer, for one, ends this connection and not the others.
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
