package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.tcp.SocketEvents;
import dev.wsroute.proxy.tcp.TcpChannel;
import dev.wsroute.proxy.tcp.TcpOptions;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.channels.NotYetConnectedException;
import org.jspecify.annotations.Nullable;

/**
 * A wire that reads and writes a socket itself, when epoll says so: a read into the loop's buffer, a write from there,
 * and nothing kept in between but what the other end does not take. The channel that the socket came with only closes
 * it.
 */
final class EpollWire implements Wire, SocketEvents {

    private final Side side;
    private final TcpChannel channel;
    private final Socket socket;
    private final LoopBuffer buffer;
    private final SocketReader reader;
    private final int maxBufferedBytes;
    /** While bytes wait. Most connections never have one, which spares memory, and looking into it. */
    private @Nullable Backlog backlog;

    private boolean ending;
    private boolean lastHeard;
    private boolean sendFailed;
    private boolean closed;
    private long sent;

    /**
     * Takes the socket from its channel.
     *
     * @param unread is read first, and released
     * @param maxBufferedBytes as soon as more wait for the other end, it is not writable
     */
    EpollWire(Side side, TcpChannel channel, ByteBuf unread, LoopBuffer buffer, int maxBufferedBytes) {
        this.side = side;
        this.channel = channel;
        this.buffer = buffer;
        this.maxBufferedBytes = maxBufferedBytes;
        this.socket = channel.take(this, this::queue);
        this.reader = new SocketReader(side, channel.eventLoop(), socket, buffer, unread);
        channel.closeFuture().addListener(done -> closed());
    }

    @Override
    public void writable() {
        try {
            if (backlog != null) {
                sendWaiting(backlog);
            }
        } catch (RuntimeException e) {
            side.ownError(e);
        }
    }

    @Override
    public void readable(boolean end, boolean broken) {
        try {
            reader.readable(end, broken);
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
        if (backlog == null && !failed() && !closed) {
            index += send(from, start, end);
        }
        if (index < end && !failed() && !closed) {
            boolean wasWritable = isWritable();
            queue(from, index, end);
            if (wasWritable && !isWritable()) {
                side.writabilityChanged();
            }
        }
    }

    /** What waited in the channel. */
    private void queue(ByteBuf unsent) {
        try {
            if (unsent.isReadable()) {
                queue(unsent, unsent.readerIndex(), unsent.writerIndex());
            }
        } finally {
            unsent.release();
        }
    }

    private void queue(ByteBuf from, int start, int end) {
        if (backlog == null) {
            backlog = new Backlog(channel.alloc(), maxBufferedBytes);
        }
        backlog.append(from, start, end);
        channel.tellWhenWritable();
    }

    @Override
    public void lastFollows() {
        if (backlog == null && !failed() && !closed) {
            TcpOptions.prefer(channel.config(), TcpOptions.CORK, 1);
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
            reader.outputFailed();
            dropBacklog();
            // Not at once: the other side may be in the midst of reading.
            channel.eventLoop().execute(this::outputFailed);
        }
    }

    private void dropBacklog() {
        if (backlog != null) {
            backlog.release();
            backlog = null;
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

    private void sendWaiting(Backlog waiting) {
        boolean wasWritable = isWritable();
        try {
            sent += waiting.sendTo(socket);
        } catch (IOException e) {
            sendFailed();
            return;
        }
        if (waiting.isEmpty()) {
            backlog = null;
        }
        if (!wasWritable && isWritable()) {
            side.writabilityChanged();
        }
        if (ending && backlog == null) {
            ended();
        }
    }

    @Override
    public void flush() {
        // Sent as soon as it is queued.
    }

    @Override
    public void lastHeard() {
        lastHeard = true;
    }

    @Override
    public void endOutput() {
        ending = true;
        if (backlog == null) {
            ended();
        }
    }

    private void ended() {
        if (closed) {
            return;
        }
        if (side.inputEnded() || failed() || (lastHeard && reader.hasReadAll())) {
            close();
        } else if (!reader.endsSoon()) {
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
        dropBacklog();
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
        return backlog == null || backlog.isWritable();
    }

    @Override
    public boolean hasBacklog() {
        return backlog != null;
    }

    @Override
    public long taken() {
        return sent;
    }
}
