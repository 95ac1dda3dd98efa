package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.memory.Account;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Bytes that wait until a socket takes them. Bounded by who asks {@link #isWritable} before it reads more. */
final class Backlog {

    /** Of one size, which allocators hand out again. */
    private static final int CHUNK = 16 * 1024;

    private final ByteBufAllocator allocator;
    private final int most;
    private final @Nullable Account account;
    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>(1);
    private long bytes;
    private boolean writable = true;
    /** Some bytes were not kept, so nothing may be sent any more. */
    private boolean overflowed;

    /**
     * @param account account of the bytes; null: none are reserved
     * @param most bytes; as soon as more wait, no more may be queued until half of them are sent
     */
    Backlog(ByteBufAllocator allocator, @Nullable Account account, int most) {
        this.allocator = allocator;
        this.account = account;
        this.most = most;
    }

    boolean isEmpty() {
        return bytes == 0 && !overflowed;
    }

    boolean isWritable() {
        return writable;
    }

    /** How many bytes wait. */
    long bytes() {
        return bytes;
    }

    /**
     * Appends a copy.
     *
     * @return false if the budget has no room for all of it: then the connection must be reset
     */
    boolean append(ByteBuf from, int start, int end) {
        if (overflowed) {
            return false;
        }
        int index = start;
        while (index < end) {
            ByteBuf last = waiting.peekLast();
            if (last == null || !last.isWritable()) {
                if (account != null && !account.hold((waiting.size() + 1L) * CHUNK)) {
                    overflowed = true;
                    return false;
                }
                last = allocator.directBuffer(CHUNK, CHUNK);
                waiting.add(last);
            }
            int length = Math.min(end - index, last.writableBytes());
            last.writeBytes(from, index, length);
            index += length;
        }
        bytes += end - start;
        followBytes();
        return true;
    }

    /** Returns how many bytes the socket took. */
    long sendTo(Socket socket) throws IOException {
        if (overflowed) {
            return 0;
        }
        long before = bytes;
        ByteBuf first = waiting.peek();
        while (first != null) {
            int length = first.readableBytes();
            int taken = length == 0 ? 0 : send(socket, first, first.readerIndex(), first.writerIndex());
            bytes -= taken;
            if (taken < length) {
                first.skipBytes(taken);
                break;
            }
            waiting.remove();
            first.release();
            first = waiting.peek();
        }
        followBytes();
        reserve(before - bytes);
        return before - bytes;
    }

    /** Returns how many bytes the socket took. */
    static int send(Socket socket, ByteBuf from, int start, int end) throws IOException {
        ByteBuffer memory = from.internalNioBuffer(start, end - start);
        return socket.send(memory, memory.position(), memory.limit());
    }

    private void reserve(long taken) {
        if (account != null) {
            account.hold((long) waiting.size() * CHUNK);
            if (taken > 0) {
                account.progressed();
            }
        }
    }

    private void followBytes() {
        if (bytes > most) {
            writable = false;
        } else if (bytes <= most / 2) {
            writable = true;
        }
    }

    void release() {
        waiting.forEach(ByteBuf::release);
        waiting.clear();
        bytes = 0;
        followBytes();
        reserve(0);
    }
}
