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
 * Writes a socket for its owner. Bytes that the socket does not take wait with the owner, which reserves memory for
 * them here and is called when the socket takes bytes. All methods are called on the event loop.
 */
public final class SocketWriter {

    /** Buffers per system call. */
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
    /** While bytes wait. */
    private @Nullable Account account;

    private boolean blocked;

    SocketWriter(TcpChannel channel, Socket socket) {
        this.channel = channel;
        this.socket = socket;
    }

    /** Sets the budget for bytes that wait. Must be called before anything is written. */
    public void reserveOf(EvictingBudget shared) {
        budget = shared;
    }

    /** Opens an account for bytes that wait elsewhere; null if there is no budget. */
    @Nullable Account openAccount(Evictable holder) {
        return budget == null ? null : budget.open(holder);
    }

    /** Sends a part of a buffer. Returns how many bytes the socket took. */
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

    /** Sends flushed buffers, several in one system call. Returns how many bytes the socket took. */
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

    /** The socket takes nothing now; {@link SocketOwner#writable} is called when it does. */
    public void block() {
        blocked = true;
        channel.watchOutput();
    }

    /** Whether the socket took nothing, and epoll has not reported room since. */
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
     * Reserves memory for what waits.
     *
     * @param bytes 0: nothing waits any more
     * @param holder is evicted when others need that memory
     * @return false if there is no room for so much: then the connection must be reset
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

    /** The socket has taken something of what waits. */
    public void progressed() {
        if (account != null) {
            account.progressed();
        }
    }

    /** Nothing waits any more. */
    public void release() {
        if (account != null) {
            account.hold(0);
            account = null;
        }
    }
}
