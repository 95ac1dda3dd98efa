package dev.wsroute.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads a socket as long as there is something and it may, and remembers what was told while it might not. */
final class SocketReader {

    /** So many reads go by before others have their turn. */
    private static final int READS_AT_ONCE = 16;

    private final Side side;
    private final EventLoop loop;
    private final Socket socket;
    private final LoopBuffer buffer;
    /** What was read before this began: comes first. */
    private @Nullable ByteBuf unread;

    private boolean reading;
    private boolean readable;
    /** The end of the stream is behind what can be read: a short read is not the last. */
    private boolean endTold;

    private boolean scheduled;
    private boolean failed;
    private boolean closed;

    /** @param unread is read first, and released */
    SocketReader(Side side, EventLoop loop, Socket socket, LoopBuffer buffer, ByteBuf unread) {
        this.side = side;
        this.loop = loop;
        this.socket = socket;
        this.buffer = buffer;
        if (unread.isReadable()) {
            this.unread = unread;
            this.readable = true;
        } else {
            unread.release();
        }
    }

    /**
     * There is something to read.
     *
     * @param end among it, the end of the stream
     * @param broken nothing but an error can follow: it is read though reading pauses
     */
    void readable(boolean end, boolean broken) {
        readable = true;
        endTold |= end;
        if (reading || broken) {
            readAll();
        }
    }

    /** Goes on in a task of its own, or pauses. */
    void readMore(boolean more) {
        reading = more;
        if (more && readable) {
            schedule();
        }
    }

    boolean isReading() {
        return reading;
    }

    /** Nothing is known to be there to be read. Closing a socket in which something is makes a reset of it. */
    boolean hasReadAll() {
        return !readable;
    }

    /** The end of the stream is about to be read. */
    boolean endsSoon() {
        return endTold && reading;
    }

    /** Writing had the error that reading would have had: what follows looks like the end of the stream. */
    void outputFailed() {
        failed = true;
    }

    /** The connection ended with an error. */
    boolean failed() {
        return failed;
    }

    /** Nothing is read any more. */
    void close() {
        closed = true;
        if (unread != null) {
            unread.release();
            unread = null;
        }
    }

    private void schedule() {
        if (!scheduled && !closed) {
            scheduled = true;
            loop.execute(this::scheduledRead);
        }
    }

    private void scheduledRead() {
        scheduled = false;
        try {
            if (reading && readable && !closed) {
                readAll();
            }
        } catch (RuntimeException e) {
            side.ownError(e);
        }
    }

    private void readAll() {
        ByteBuf into = buffer.buffer();
        int capacity = into.capacity() - LoopBuffer.HEADROOM;
        int reads = 0;
        int read;
        do {
            boolean first = unread != null;
            read = unread == null ? receive(into.capacity()) : takeUnread(unread, into, capacity);
            if (read <= 0) {
                readable = false;
                break;
            }
            readable = endTold || read == capacity || first;
            side.received(into.setIndex(LoopBuffer.HEADROOM, LoopBuffer.HEADROOM + read), LoopBuffer.HEADROOM);
        } while (readable && reading && !closed && ++reads < READS_AT_ONCE);
        side.receivedAll();
        if (read < 0) {
            side.inputEnded(failed);
        } else if (readable && reading) {
            schedule();
        }
    }

    private int takeUnread(ByteBuf first, ByteBuf into, int capacity) {
        int length = Math.min(first.readableBytes(), capacity);
        into.setBytes(LoopBuffer.HEADROOM, first, length);
        if (!first.isReadable()) {
            first.release();
            unread = null;
        }
        return length;
    }

    /** Returns how many bytes came; 0 when none are at hand, -1 at the end of the stream. */
    private int receive(int limit) {
        try {
            return socket.recvAddress(buffer.address(), LoopBuffer.HEADROOM, limit);
        } catch (IOException e) {
            failed = true;
            side.outputFailed();
            return -1;
        }
    }
}
