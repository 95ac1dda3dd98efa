// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import dev.wsroute.proxy.memory.Account;
import dev.wsroute.proxy.memory.Evictable;
import dev.wsroute.proxy.memory.EvictingBudget;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.unix.IovArray;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a socket for its owner. The owner queues bytes that the socket does not accept, reserves memory for them here, and
 * is called when the socket accepts bytes again. All methods are called on the event loop.
 */
public final class SocketWriter {

    /** Maximum number of buffers per system call. */
    private static final int GATHERED = 32;

    /** One for each event loop. */
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
    /** Null while the owner has nothing queued. */
    private @Nullable Account account;

    private boolean blocked;

    SocketWriter(TcpChannel channel, Socket socket) {
        this.channel = channel;
        this.socket = socket;
    }

    /** Sets the budget for queued bytes. Must be called before anything is written. */
    public void setBudget(EvictingBudget shared) {
        budget = shared;
    }

    /** Opens an account for bytes that are queued elsewhere; null if there is no budget. */
    public @Nullable Account openAccount(Evictable holder) {
        return budget == null ? null : budget.open(holder);
    }

    /** Sends a part of a buffer. Returns the number of bytes that the socket accepted. */
    public int send(ByteBuf from, int start, int end) throws IOException {
        if (from.hasMemoryAddress()) {
            return send(from.memoryAddress(), start, end);
        }
        ByteBuffer memory = from.internalNioBuffer(start, end - start);
        return socket.send(memory, memory.position(), memory.limit());
    }

    /** @param address of the first byte of direct memory */
    public int send(long address, int start, int end) throws IOException {
        return socket.sendAddress(address, start, end);
    }

    /** Sends several flushed buffers in one system call. Returns the number of bytes that the socket accepted. */
    long gather(ChannelOutboundBuffer waiting) throws IOException {
        IovArray buffers = GATHERING.get();
        buffers.clear();
        try {
            waiting.forEachFlushedMessage(buffers);
        } catch (Exception e) {
            throw new IOException(e);
        }
        return buffers.count() == 0 ? 0 : socket.writevAddresses(buffers.memoryAddress(0), buffers.count());
    }

    /** The socket accepts no more bytes. {@link SocketOwner#writable} is called when it does. */
    public void block() {
        blocked = true;
        channel.watchOutput();
    }

    /** Whether {@link #block} was called, and epoll has not reported the socket writable since. */
    boolean isBlocked() {
        return blocked;
    }

    /** Epoll reports the socket writable. Returns whether it was blocked. */
    boolean unblock() {
        boolean was = blocked;
        blocked = false;
        return was;
    }

    /**
     * Reserves memory for queued bytes.
     *
     * @param bytes all bytes that are queued now; 0 for none
     * @param holder is evicted when others need that memory
     * @return false if the budget is exhausted: the caller must reset the connection
     */
    public boolean hold(long bytes, Evictable holder) {
        if (bytes == 0) {
            release();
            return true;
        }
        if (account == null) {
            account = openAccount(holder);
        }
        return account == null || account.hold(bytes);
    }

    /** The socket has accepted some of the queued bytes. */
    public void progressed() {
        if (account != null) {
            account.progressed();
        }
    }

    /** Nothing is queued any more. */
    public void release() {
        if (account != null) {
            account.hold(0);
            account = null;
        }
    }
}
