package dev.wsroute.proxy.tcp;

import dev.wsroute.proxy.containment.Containment;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads a socket for its channel, as long as there is something and it is wanted. All is called on the event loop. */
final class Input {

    /** Of buffers, in bytes. */
    private static final int SMALLEST = ScratchBuffer.CAPACITY;

    private static final ScratchBuffer SCRATCH = new ScratchBuffer();

    private static final int LARGEST = 64 * 1024;

    /** So many reads go by before others have their turn. */
    private static final int READS_AT_ONCE = 16;

    private final TcpChannel channel;
    private final Socket socket;
    /** Netty's "read pending": somebody asked for the next bytes. */
    private boolean wanted;
    /** There may be something to read, and epoll will not tell again. */
    private boolean readable;
    /** The end of the stream is behind what can be read: a short read is not the last. */
    private boolean endTold;

    private boolean brokenTold;
    private @Nullable UnreadEnd unreadEnd;
    private boolean ended;
    private int size = SMALLEST;
    private boolean reading;
    private boolean scheduled;

    Input(TcpChannel channel, Socket socket) {
        this.channel = channel;
        this.socket = socket;
    }

    /** Bytes are wanted. */
    void wanted() {
        wanted = true;
        if (readable && !reading) {
            schedule();
        }
    }

    /** None are, until they are {@link #wanted} again. For any thread, as options are. */
    void pause() {
        if (!channel.isRegistered() || channel.eventLoop().inEventLoop()) {
            wanted = false;
        } else {
            Containment.execute(channel, () -> wanted &= channel.config().isAutoRead());
        }
    }

    void readable(boolean end, boolean broken) {
        readable = true;
        endTold |= end;
        brokenTold |= broken;
        if (!reading) {
            if (isWanted() || broken) {
                read();
            } else {
                tellUnreadEnd();
            }
        }
    }

    /** Reading pauses: those who will not read on are to know all the same that the peer is gone. */
    private void tellUnreadEnd() {
        UnreadEnd end = brokenTold ? UnreadEnd.BROKEN : endTold ? UnreadEnd.ENDED : null;
        if (end != null && end != unreadEnd && !ended) {
            unreadEnd = end;
            channel.pipeline().fireUserEventTriggered(end);
        }
    }

    /** Whoever took the socket is told of what is there to be read. */
    void tell(SocketEvents events) {
        if (!reading) {
            told(events);
        }
        // Else at the end of that reading.
    }

    private void told(SocketEvents events) {
        if (readable || ended) {
            boolean end = endTold;
            boolean broken = brokenTold;
            Containment.execute(channel, () -> {
                if (channel.isActive()) {
                    events.readable(end, broken);
                }
            });
        }
    }

    private boolean isWanted() {
        return wanted || channel.config().isAutoRead();
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            Containment.execute(channel, () -> {
                scheduled = false;
                if (readable && !reading && channel.isActive() && !channel.isTaken()) {
                    if (isWanted()) {
                        read();
                    } else {
                        tellUnreadEnd();
                    }
                }
            });
        }
    }

    private void read() {
        if (ended) {
            readable = false;
            return;
        }
        reading = true;
        Throwable failure = null;
        try {
            readAll();
        } catch (Throwable e) {
            // No memory for a buffer, for one, ends this connection and not the others.
            failure = e;
            ended = true;
            readable = false;
        }
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.fireChannelReadComplete();
        reading = false;
        SocketEvents taker = channel.taker();
        if (taker != null) {
            // It reads the end, or the error, once more.
            readable |= ended;
            told(taker);
        } else if (channel.isActive()) {
            if (failure != null) {
                pipeline.fireExceptionCaught(failure);
            }
            if (ended) {
                end(failure != null);
            } else if (!isWanted()) {
                tellUnreadEnd();
            } else if (readable) {
                schedule();
            }
        }
    }

    private void end(boolean failed) {
        if (channel.allowsHalfClosure()) {
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
        if (failed || !channel.allowsHalfClosure()) {
            channel.close();
        }
    }

    private void readAll() throws IOException {
        int reads = 0;
        do {
            int capacity = size;
            ByteBuf buffer = capacity == SMALLEST
                    ? SCRATCH.take(channel.alloc())
                    : channel.alloc().directBuffer(capacity, capacity);
            int read = receive(buffer);
            if (read <= 0) {
                buffer.release();
                readable = false;
                ended = read < 0;
                return;
            }
            if (read == capacity) {
                size = Math.min(LARGEST, 4 * capacity);
            } else if (read < capacity / 8) {
                size = Math.max(SMALLEST, capacity / 2);
            }
            readable = endTold || read == capacity;
            wanted = false;
            channel.pipeline().fireChannelRead(buffer);
        } while (readable && isWanted() && channel.isActive() && !channel.isTaken() && ++reads < READS_AT_ONCE);
    }

    private int receive(ByteBuf buffer) throws IOException {
        boolean received = false;
        try {
            int start = buffer.writerIndex();
            int read = buffer.hasMemoryAddress()
                    ? socket.recvAddress(buffer.memoryAddress(), start, buffer.capacity())
                    : receive(buffer.internalNioBuffer(start, buffer.writableBytes()));
            if (read > 0) {
                buffer.writerIndex(start + read);
            }
            received = true;
            return read;
        } finally {
            if (!received) {
                buffer.release();
            }
        }
    }

    private int receive(ByteBuffer memory) throws IOException {
        return socket.recv(memory, memory.position(), memory.limit());
    }
}
