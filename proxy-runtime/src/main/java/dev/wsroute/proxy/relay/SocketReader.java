package dev.wsroute.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads a socket as long as there is something and it may, and remembers what was told while it might not. */
final class SocketReader {

    /** So many reads go by before others have their turn. */
    private static final int READS_AT_ONCE = 16;

    /** What is known to be in the socket: epoll tells once. */
    private enum Input {
        NOTHING,
        BYTES,
        /** The end of the stream is behind what can be read: a short read is not the last. */
        BYTES_AND_END,
        /** The end was read. */
        ENDED
    }

    private final Socket socket;
    private final LoopBuffer buffer;
    /** What was read before this began: comes first. */
    private @Nullable ByteBuf unread;

    private Input input = Input.NOTHING;
    private boolean reading;

    /** @param unread is read first, and released */
    SocketReader(Socket socket, LoopBuffer buffer, ByteBuf unread) {
        this.socket = socket;
        this.buffer = buffer;
        if (unread.isReadable()) {
            this.unread = unread;
            this.input = Input.BYTES;
        } else {
            unread.release();
        }
    }

    /**
     * There is something to read.
     *
     * @param end among it, the end of the stream
     */
    void told(boolean end) {
        if (input == Input.NOTHING || input == Input.BYTES) {
            input = end ? Input.BYTES_AND_END : Input.BYTES;
        }
    }

    /** May go on, or is to pause. */
    void readMore(boolean more) {
        reading = more;
    }

    boolean isReading() {
        return reading;
    }

    /** Something is known to be there, or was not looked for. */
    boolean isReadable() {
        return input == Input.BYTES || input == Input.BYTES_AND_END;
    }

    /** Something is there that may be read now. */
    boolean hasMore() {
        return reading && isReadable();
    }

    /** The end of the stream is about to be read. */
    boolean endsSoon() {
        return reading && input == Input.BYTES_AND_END;
    }

    /** The end of the stream was read, or {@link #end told}. */
    boolean hasEnded() {
        return input == Input.ENDED;
    }

    /** Nothing is read any more. */
    void end() {
        input = Input.ENDED;
        if (unread != null) {
            unread.release();
            unread = null;
        }
    }

    /** Reads what is at hand, once even where reading pauses: nothing but an error may follow. */
    void read(WireEvents events) throws IOException {
        ByteBuf into = buffer.buffer();
        int capacity = into.capacity() - LoopBuffer.HEADROOM;
        int reads = 0;
        do {
            boolean first = unread != null;
            int read = unread == null
                    ? socket.recvAddress(buffer.address(), LoopBuffer.HEADROOM, into.capacity())
                    : takeUnread(unread, into, capacity);
            if (read <= 0) {
                input = read < 0 ? Input.ENDED : Input.NOTHING;
                return;
            }
            if (input == Input.BYTES && read < capacity && !first) {
                input = Input.NOTHING;
            }
            events.received(into.setIndex(LoopBuffer.HEADROOM, LoopBuffer.HEADROOM + read), LoopBuffer.HEADROOM);
        } while (hasMore() && ++reads < READS_AT_ONCE);
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
}
