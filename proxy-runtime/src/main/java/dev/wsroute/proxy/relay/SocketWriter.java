package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.memory.Evictable;
import dev.wsroute.proxy.tcp.TcpChannel;
import io.netty.buffer.ByteBuf;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Writes a socket, and keeps what it does not take. */
final class SocketWriter {

    private final TcpChannel channel;
    private final Socket socket;
    private final LoopBuffer buffer;
    private final int maxBufferedBytes;
    private final Evictable holder;
    /** While bytes wait. Most connections never have one, which spares memory, and looking into it. */
    private @Nullable Backlog backlog;

    private long sent;

    /**
     * @param maxBufferedBytes as soon as more wait for the other end, it is not writable
     * @param holder is evicted when others need the memory of the waiting bytes
     */
    SocketWriter(TcpChannel channel, Socket socket, LoopBuffer buffer, int maxBufferedBytes, Evictable holder) {
        this.channel = channel;
        this.socket = socket;
        this.buffer = buffer;
        this.maxBufferedBytes = maxBufferedBytes;
        this.holder = holder;
    }

    /** Sends a part of {@code from}, and keeps a copy of the rest. */
    void write(ByteBuf from, int start, int end) throws IOException {
        int index = start;
        if (backlog == null) {
            int taken = buffer.holds(from)
                    ? socket.sendAddress(buffer.address(), start, end)
                    : Backlog.send(socket, from, start, end);
            sent += taken;
            index += taken;
        }
        if (index < end) {
            keep(from, index, end);
        }
    }

    /** Keeps what waited in the channel, and releases it. */
    void keep(ByteBuf unsent) {
        try {
            if (unsent.isReadable()) {
                keep(unsent, unsent.readerIndex(), unsent.writerIndex());
            }
        } finally {
            unsent.release();
        }
    }

    private void keep(ByteBuf from, int start, int end) {
        if (backlog == null) {
            backlog = new Backlog(channel.alloc(), channel.openAccount(holder), maxBufferedBytes);
        }
        if (backlog.append(from, start, end)) {
            channel.tellWhenWritable();
        } else {
            // Evictions of others did not free enough in time.
            holder.evict();
        }
    }

    /** Sends what waits, as far as the socket takes it. */
    void sendWaiting() throws IOException {
        Backlog waiting = backlog;
        if (waiting != null) {
            sent += waiting.sendTo(socket);
            if (waiting.isEmpty()) {
                backlog = null;
            }
        }
    }

    /** Drops what waits. */
    void drop() {
        if (backlog != null) {
            backlog.release();
            backlog = null;
        }
    }

    boolean hasBacklog() {
        return backlog != null;
    }

    long backlogBytes() {
        return backlog == null ? 0 : backlog.bytes();
    }

    /** So little waits that more may be queued. */
    boolean isWritable() {
        return backlog == null || backlog.isWritable();
    }

    /** Bytes that the socket has taken. */
    long sent() {
        return sent;
    }
}
