// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.memory.Account;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOutboundBuffer;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes flushed messages of a channel's pipeline to its socket. All methods are called on the event loop. */
final class PipelineOutput {

    /** After this many writes, other connections of the event loop are served first. */
    private static final int WRITES_PER_BURST = 16;

    private final TcpChannel channel;
    private final SocketWriter writer;

    PipelineOutput(TcpChannel channel, SocketWriter writer) {
        this.channel = channel;
        this.writer = writer;
    }

    /** Writes flushed messages, as far as the socket accepts them. */
    void write(ChannelOutboundBuffer waiting) throws IOException {
        for (int writes = 0; writes < WRITES_PER_BURST; writes++) {
            ByteBuf first = (ByteBuf) waiting.current();
            if (first == null) {
                return;
            }
            if (!first.isReadable()) {
                waiting.remove();
                continue;
            }
            long sent = waiting.size() == 1
                    ? writer.send(first, first.readerIndex(), first.writerIndex())
                    : writer.gather(waiting);
            if (sent <= 0) {
                writer.block();
                return;
            }
            waiting.removeBytes(sent);
        }
        Containment.execute(channel, channel::resumeWriting);
    }

    /**
     * Reserves memory for bytes that the socket has not accepted.
     *
     * @param waiting null if the channel is closed
     */
    void reserve(@Nullable ChannelOutboundBuffer waiting) {
        if (!writer.isBlocked() || waiting == null) {
            writer.release();
        } else if (!writer.hold(waiting.totalPendingWriteBytes(), Account.of(channel))) {
            // Evictions of others did not free enough in time.
            Containment.execute(channel, () -> Containment.reset(channel));
        }
    }

    /**
     * Removes all messages, flushed or not.
     *
     * @param waiting null if the channel is closed
     * @param unsent receives them in order; must release them
     */
    void empty(@Nullable ChannelOutboundBuffer waiting, Consumer<ByteBuf> unsent) {
        writer.release();
        if (waiting == null) {
            return;
        }
        waiting.addFlush();
        for (Object first = waiting.current(); first != null; first = waiting.current()) {
            unsent.accept(((ByteBuf) first).retain());
            waiting.remove();
        }
    }

    /** Returns the buffer if a system call can read it directly, otherwise a direct copy. */
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
