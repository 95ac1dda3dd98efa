package dev.wsroute.proxy.tcp;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.memory.Account;
import dev.wsroute.proxy.memory.Evictable;
import dev.wsroute.proxy.memory.EvictingBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.unix.IovArray;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes what waits in a channel, as far as the socket takes it. All is called on the event loop. */
final class Output {

    /** So many writes go by before others have their turn. */
    private static final int WRITES_AT_ONCE = 16;

    /** So many buffers go out in one system call. */
    private static final int GATHERED = 32;

    /** An event loop's, for one system call after the other. */
    private static final FastThreadLocal<IovArray> GATHERING = new FastThreadLocal<>() {
        @Override
        protected IovArray initialValue() {
            return new IovArray(GATHERED);
        }

        @Override
        protected void onRemoval(IovArray buffers) {
            buffers.release();
        }
    };

    private final TcpChannel channel;
    private final Socket socket;
    private @Nullable EvictingBudget budget;
    /** While bytes wait. */
    private @Nullable Account account;
    /** The socket took nothing, and epoll tells when it does. */
    private boolean blocked;

    Output(TcpChannel channel, Socket socket) {
        this.channel = channel;
        this.socket = socket;
    }

    void reserveOf(EvictingBudget shared) {
        budget = shared;
    }

    @Nullable Account openAccount(Evictable holder) {
        return budget == null ? null : budget.open(holder);
    }

    /**
     * Reserves memory for bytes that the socket has not taken.
     *
     * @param waiting null: of a closed channel
     */
    void account(@Nullable ChannelOutboundBuffer waiting) {
        if (blocked && budget != null && waiting != null) {
            if (account == null) {
                account = budget.open(Account.of(channel));
            }
            if (!account.hold(waiting.totalPendingWriteBytes())) {
                // Evictions of others did not free enough in time.
                Containment.execute(channel, () -> Containment.reset(channel));
            }
        } else {
            forget();
        }
    }

    /** Nothing waits any more. */
    void forget() {
        if (account != null) {
            account.hold(0);
            account = null;
        }
    }

    boolean isBlocked() {
        return blocked;
    }

    /** Returns whether it was blocked. */
    boolean unblock() {
        boolean was = blocked;
        blocked = false;
        return was;
    }

    void write(ChannelOutboundBuffer waiting) throws IOException {
        for (int writes = 0; writes < WRITES_AT_ONCE; writes++) {
            ByteBuf first = (ByteBuf) waiting.current();
            if (first == null) {
                return;
            }
            if (!first.isReadable()) {
                waiting.remove();
                continue;
            }
            long sent = waiting.size() == 1 ? send(first) : gather(waiting);
            if (sent <= 0) {
                blocked = true;
                channel.tellWhenWritable();
                return;
            }
            waiting.removeBytes(sent);
        }
        Containment.execute(channel, channel::writeOn);
    }

    /**
     * Takes out all that waits, flushed or not.
     *
     * @param waiting null: of a closed channel
     */
    static void empty(@Nullable ChannelOutboundBuffer waiting, Consumer<ByteBuf> unsent) {
        if (waiting == null) {
            return;
        }
        waiting.addFlush();
        for (Object first = waiting.current(); first != null; first = waiting.current()) {
            unsent.accept(((ByteBuf) first).retain());
            waiting.remove();
        }
    }

    private long send(ByteBuf buffer) throws IOException {
        if (buffer.hasMemoryAddress()) {
            return socket.sendAddress(buffer.memoryAddress(), buffer.readerIndex(), buffer.writerIndex());
        }
        ByteBuffer memory = buffer.internalNioBuffer(buffer.readerIndex(), buffer.readableBytes());
        return socket.send(memory, memory.position(), memory.limit());
    }

    private long gather(ChannelOutboundBuffer waiting) throws IOException {
        IovArray buffers = GATHERING.get();
        buffers.clear();
        try {
            waiting.forEachFlushedMessage(buffers);
        } catch (Exception e) {
            throw new IOException(e);
        }
        return buffers.count() == 0 ? 0 : socket.writevAddresses(buffers.memoryAddress(0), buffers.count());
    }

    /** What can be handed to the system as it is; a copy, if need be. */
    static ByteBuf direct(ByteBufAllocator allocator, ByteBuf buffer) {
        if (buffer.isDirect() && buffer.nioBufferCount() == 1) {
            return buffer;
        }
        try {
            int length = buffer.readableBytes();
            return allocator.directBuffer(length).writeBytes(buffer, buffer.readerIndex(), length);
        } finally {
            buffer.release();
        }
    }
}
