package dev.wsroute.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.channels.NotYetConnectedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A wire that reads and writes a socket itself, when epoll says so: a read into the loop's buffer, a write from there,
 * and nothing kept in between but what the other end does not take. The channel that the socket came with only closes
 * it.
 *
 * <p>Events are edge-triggered (epoll(7)): {@code readable} remembers what was told while reading paused.
 */
final class EpollWire implements Wire, EpollIoHandle {

    private static final Logger LOG = LoggerFactory.getLogger(EpollWire.class);

    private static final EpollIoOps EDGES = EpollIoOps.EPOLLIN
            .with(EpollIoOps.EPOLLOUT)
            .with(EpollIoOps.EPOLLRDHUP)
            .with(EpollIoOps.EPOLLET);

    private static final int EPOLLHUP = 0x10;
    private static final int WRITABLE = EpollIoOps.EPOLLOUT.value() | EpollIoOps.EPOLLERR.value();
    private static final int BROKEN = EpollIoOps.EPOLLERR.value();
    private static final int ENDED = EpollIoOps.EPOLLRDHUP.value() | EPOLLHUP | BROKEN;
    private static final int READABLE = EpollIoOps.EPOLLIN.value() | ENDED;

    /** So many reads go by before others have their turn. */
    private static final int READS_AT_ONCE = 16;

    private final Side side;
    private final Channel channel;
    private final Socket socket;
    private final LoopBuffer buffer;
    private final Backlog backlog;
    private @Nullable IoRegistration registration;
    private boolean reading;
    private boolean readable;
    /** The end of the stream is behind what can be read: a short read is not the last. */
    private boolean endTold;

    private boolean readScheduled;
    private boolean ending;
    private boolean failed;
    private boolean closed;
    private long sent;

    /**
     * @param channel of the epoll transport, off its event loop
     * @param reading whether it is to be read at once
     */
    EpollWire(Side side, Channel channel, Socket socket, LoopBuffer buffer, Backlog backlog, boolean reading) {
        this.side = side;
        this.channel = channel;
        this.socket = socket;
        this.buffer = buffer;
        this.backlog = backlog;
        this.reading = reading;
    }

    /** Lets the event loop watch the socket from now on. */
    void begin(IoRegistration watched) {
        registration = watched;
        channel.closeFuture().addListener(done -> closed());
        watched.submit(EDGES);
    }

    @Override
    public FileDescriptor fd() {
        return socket;
    }

    @Override
    public void registered() {}

    @Override
    public void unregistered() {}

    @Override
    public void handle(IoRegistration watched, IoEvent event) {
        int ops = ((EpollIoEvent) event).ops().value();
        try {
            if ((ops & WRITABLE) != 0 && hasBacklog()) {
                flushBacklog();
            }
            if ((ops & READABLE) != 0) {
                readable = true;
                endTold |= (ops & ENDED) != 0;
                if (reading || (ops & BROKEN) != 0) {
                    readAll();
                }
            }
        } catch (RuntimeException e) {
            ownError(e);
        }
    }

    private void readScheduled() {
        readScheduled = false;
        try {
            if (reading && readable && !closed) {
                readAll();
            }
        } catch (RuntimeException e) {
            ownError(e);
        }
    }

    private void ownError(RuntimeException e) {
        LOG.warn("A tunnel is reset for an error of the proxy's own", e);
        failed = true;
        side.reset();
    }

    private void readAll() {
        ByteBuf into = buffer.buffer();
        int capacity = into.capacity() - LoopBuffer.HEADROOM;
        int reads = 0;
        int read;
        do {
            read = receive(into.capacity());
            if (read <= 0) {
                readable = false;
                break;
            }
            readable = endTold || read == capacity;
            side.received(into.setIndex(LoopBuffer.HEADROOM, LoopBuffer.HEADROOM + read), LoopBuffer.HEADROOM);
        } while (readable && reading && !closed && ++reads < READS_AT_ONCE);
        side.receivedAll();
        if (read < 0) {
            side.inputEnded(failed);
        } else if (readable && reading) {
            scheduleRead();
        }
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

    private void scheduleRead() {
        if (!readScheduled && !closed) {
            readScheduled = true;
            channel.eventLoop().execute(this::readScheduled);
        }
    }

    @Override
    public void readMore(boolean more) {
        reading = more;
        if (more && readable) {
            scheduleRead();
        }
    }

    @Override
    public boolean isReading() {
        return reading;
    }

    @Override
    public void pass(ByteBuf from, int start, int end) {
        int index = start;
        if (backlog.isEmpty() && !failed && !closed) {
            index += send(from, start, end);
        }
        if (index < end && !failed && !closed) {
            boolean wasWritable = isWritable();
            backlog.append(from, index, end);
            if (wasWritable && !isWritable()) {
                side.writabilityChanged();
            }
        }
    }

    @Override
    public void write(ByteBuf frame) {
        try {
            pass(frame, frame.readerIndex(), frame.writerIndex());
        } finally {
            frame.release();
        }
    }

    /** Returns how many bytes were taken. */
    private int send(ByteBuf from, int start, int end) {
        try {
            int taken = buffer.holds(from)
                    ? socket.sendAddress(buffer.address(), start, end)
                    : Backlog.send(socket, from, start, end);
            sent += taken;
            return taken;
        } catch (IOException e) {
            sendFailed();
            return 0;
        }
    }

    private void sendFailed() {
        if (!failed) {
            failed = true;
            backlog.release();
            // Not at once: the other side may be in the midst of reading.
            channel.eventLoop().execute(this::outputFailed);
        }
    }

    private void outputFailed() {
        side.outputFailed();
        if (!side.isBackend()) {
            close();
        } else if (ending) {
            ended();
        }
    }

    private void flushBacklog() {
        boolean wasWritable = isWritable();
        try {
            sent += backlog.sendTo(socket);
        } catch (IOException e) {
            sendFailed();
            return;
        }
        if (!wasWritable && isWritable()) {
            side.writabilityChanged();
        }
        if (ending && backlog.isEmpty()) {
            ended();
        }
    }

    @Override
    public void flush() {
        // Sent as soon as it is queued.
    }

    @Override
    public void endOutput() {
        ending = true;
        if (backlog.isEmpty()) {
            ended();
        }
    }

    private void ended() {
        if (closed) {
            return;
        }
        if (side.inputEnded() || failed) {
            close();
        } else {
            try {
                socket.shutdown(false, true);
            } catch (IOException | NotYetConnectedException e) {
                // It was reset meanwhile.
                failed = true;
                close();
            }
        }
        side.outputEnded();
    }

    @Override
    public void close() {
        channel.close();
    }

    @Override
    public void reset() {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.close();
    }

    private void closed() {
        closed = true;
        backlog.release();
        if (registration != null) {
            registration.cancel();
        }
        // Whoever closed is to finish first.
        channel.eventLoop().execute(() -> side.closed(failed));
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public boolean isWritable() {
        return backlog.isWritable();
    }

    @Override
    public boolean hasBacklog() {
        return !backlog.isEmpty();
    }

    @Override
    public long taken() {
        return sent;
    }
}
