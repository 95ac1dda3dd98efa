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

/**
 * A wire that reads and writes a socket itself, when epoll says so: a read into the loop's buffer, a write from there,
 * and nothing kept in between but what the other end does not take. The channel that the socket came with only closes
 * it.
 *
 * <p>Events are edge-triggered (epoll(7)): each is told once.
 */
final class EpollWire implements Wire, EpollIoHandle {

    private static final EpollIoOps EDGES = EpollIoOps.EPOLLIN
            .with(EpollIoOps.EPOLLOUT)
            .with(EpollIoOps.EPOLLRDHUP)
            .with(EpollIoOps.EPOLLET);

    private static final int EPOLLHUP = 0x10;
    private static final int WRITABLE = EpollIoOps.EPOLLOUT.value() | EpollIoOps.EPOLLERR.value();
    private static final int BROKEN = EpollIoOps.EPOLLERR.value();
    private static final int ENDED = EpollIoOps.EPOLLRDHUP.value() | EPOLLHUP | BROKEN;
    private static final int READABLE = EpollIoOps.EPOLLIN.value() | ENDED;

    private final Side side;
    private final Channel channel;
    private final Socket socket;
    private final LoopBuffer buffer;
    private final SocketReader reader;
    private final Backlog backlog;
    private @Nullable IoRegistration registration;
    private boolean ending;
    private boolean sendFailed;
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
        this.reader = new SocketReader(side, channel.eventLoop(), socket, buffer, reading);
        this.backlog = backlog;
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
                reader.readable((ops & ENDED) != 0, (ops & BROKEN) != 0);
            }
        } catch (RuntimeException e) {
            side.ownError(e);
        }
    }

    @Override
    public void readMore(boolean more) {
        reader.readMore(more);
    }

    @Override
    public boolean isReading() {
        return reader.isReading();
    }

    @Override
    public void pass(ByteBuf from, int start, int end) {
        int index = start;
        if (backlog.isEmpty() && !failed() && !closed) {
            index += send(from, start, end);
        }
        if (index < end && !failed() && !closed) {
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
        if (!sendFailed) {
            sendFailed = true;
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
        if (side.inputEnded() || failed()) {
            close();
        } else {
            try {
                socket.shutdown(false, true);
            } catch (IOException | NotYetConnectedException e) {
                // It was reset meanwhile.
                sendFailed = true;
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
        reader.close();
        backlog.release();
        if (registration != null) {
            registration.cancel();
        }
        // Whoever closed is to finish first.
        channel.eventLoop().execute(() -> side.closed(failed()));
    }

    private boolean failed() {
        return sendFailed || reader.failed();
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
