// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.FailurePoint;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A channel's pipeline as the owner of its socket. All methods except {@link #pause} are called on the event loop. */
final class PipelineOwner implements SocketOwner {

    /** Smallest and largest size of a read buffer, in bytes. */
    private static final int SMALLEST = ScratchBuffer.CAPACITY;

    private static final int LARGEST = 64 * 1024;

    private static final ScratchBuffer SCRATCH = new ScratchBuffer();

    private final TcpChannel channel;
    /** A handler has called {@code read()}, and nothing was read since. */
    private boolean readPending;
    /** The bytes of the last read, until they are passed on. */
    private @Nullable ByteBuf received;

    private int size = SMALLEST;
    private boolean filled;
    private @Nullable Throwable failure;
    private @Nullable UnreadEnd unreadEnd;

    PipelineOwner(TcpChannel channel) {
        this.channel = channel;
    }

    /** Asks for the next bytes. */
    void requestRead() {
        readPending = true;
        channel.reader().resume();
    }

    /** Stops reading until {@link #requestRead} is called. May be called on any thread, like setting an option. */
    void pause() {
        if (!channel.isRegistered() || channel.eventLoop().inEventLoop()) {
            readPending = false;
        } else {
            Containment.execute(channel, () -> readPending &= channel.config().isAutoRead());
        }
    }

    @Override
    public boolean wantsInput() {
        return channel.isActive() && (readPending || channel.config().isAutoRead());
    }

    @Override
    public int receive(Socket socket) throws IOException {
        int capacity = size;
        ByteBuf buffer = capacity == SMALLEST
                ? SCRATCH.take(channel.alloc())
                : channel.alloc().directBuffer(capacity, capacity);
        int read = 0;
        try {
            read = receive(socket, buffer);
        } finally {
            if (read <= 0) {
                buffer.release();
            }
        }
        if (read > 0) {
            received = buffer.writerIndex(buffer.writerIndex() + read);
            filled = read == capacity;
            if (filled) {
                size = Math.min(LARGEST, 4 * capacity);
            } else if (read < capacity / 8) {
                size = Math.max(SMALLEST, capacity / 2);
            }
        }
        return read;
    }

    private static int receive(Socket socket, ByteBuf buffer) throws IOException {
        int start = buffer.writerIndex();
        if (buffer.hasMemoryAddress()) {
            return socket.recvAddress(buffer.memoryAddress(), start, buffer.capacity());
        }
        ByteBuffer memory = buffer.internalNioBuffer(start, buffer.writableBytes());
        return socket.recv(memory, memory.position(), memory.limit());
    }

    @Override
    public boolean mayHaveMore() {
        return filled;
    }

    @Override
    public void received() {
        ByteBuf bytes = Objects.requireNonNull(received);
        received = null;
        readPending = false;
        channel.pipeline().fireChannelRead(bytes);
    }

    @Override
    public void receivedAll() {
        channel.pipeline().fireChannelReadComplete();
    }

    @Override
    public void inputFailed(Throwable cause) {
        failure = cause;
    }

    @Override
    public void endOfInput() {
        if (!channel.isActive()) {
            return;
        }
        ChannelPipeline pipeline = channel.pipeline();
        if (failure != null) {
            pipeline.fireExceptionCaught(failure);
        }
        if (channel.allowsHalfClosure()) {
            pipeline.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
        if (failure != null || !channel.allowsHalfClosure()) {
            channel.close();
        }
    }

    /** Tells handlers that do not read that the peer has gone. */
    @Override
    public void unreadEnd(UnreadEnd end) {
        if (end != unreadEnd && channel.isActive()) {
            unreadEnd = end;
            channel.pipeline().fireUserEventTriggered(end);
        }
    }

    @Override
    public void brokenAfterEnd() {
        // The next write fails.
    }

    @Override
    public void writable() {
        if (channel.writer().unblock()) {
            channel.resumeWriting();
        }
    }

    @Override
    public void threw(Throwable cause) {
        Containment.failed(channel, FailurePoint.IO, cause);
    }
}
