package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.tcp.SocketEvents;
import dev.wsroute.proxy.tcp.TcpChannel;
import dev.wsroute.proxy.tcp.TcpOptions;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.channels.NotYetConnectedException;

/**
 * A wire that reads and writes a socket itself, when epoll says so: a read into the loop's buffer, a write from there,
 * and nothing kept in between but what the other end does not take. The channel that the socket came with only closes
 * it.
 */
final class EpollWire implements Wire, SocketEvents {

    private final TcpChannel channel;
    private final Peer peer;
    private final WireEvents events;
    private final Socket socket;
    private final SocketReader reader;
    private final SocketWriter writer;
    private WireOutput output = WireOutput.OPEN;
    /** Reading or writing met an error: what looks like the end of the stream from then on is a reset. */
    private boolean failed;

    private boolean readScheduled;

    /**
     * @param unread is read first, and released
     * @param maxBufferedBytes as soon as more wait for the other end, it is not writable
     */
    EpollWire(
            TcpChannel channel, ByteBuf unread, Peer peer, WireEvents events, LoopBuffer buffer, int maxBufferedBytes) {
        this.channel = channel;
        this.peer = peer;
        this.events = events;
        this.socket = channel.socket();
        this.reader = new SocketReader(socket, buffer, unread);
        this.writer = new SocketWriter(
                channel, socket, buffer, maxBufferedBytes, () -> Containment.execute(channel, events::evicted));
    }

    @Override
    public void open() {
        channel.closeFuture().addListener(done -> closed());
        channel.take(this, writer::keep);
    }

    @Override
    public void writable() {
        try {
            if (writer.hasBacklog()) {
                sendWaiting();
            }
        } catch (Throwable e) {
            events.threw(e);
        }
    }

    @Override
    public void readable(boolean end, boolean broken) {
        if (reader.hasEnded()) {
            if (broken) {
                sendFailed();
            }
            return;
        }
        reader.told(end);
        if (broken || reader.isReading()) {
            read();
        }
    }

    @Override
    public void readMore(boolean more) {
        reader.readMore(more);
        scheduleRead();
    }

    /** Others have their turn first. */
    private void scheduleRead() {
        if (reader.hasMore() && !readScheduled) {
            readScheduled = true;
            channel.eventLoop().execute(() -> {
                readScheduled = false;
                if (reader.hasMore()) {
                    read();
                }
            });
        }
    }

    private void read() {
        if (reader.hasEnded()) {
            return;
        }
        try {
            readAll();
            events.receivedAll();
            if (reader.hasEnded()) {
                tellInputEnded();
            } else {
                scheduleRead();
            }
        } catch (Throwable e) {
            events.threw(e);
        }
    }

    private void readAll() {
        try {
            reader.read(events);
        } catch (IOException e) {
            failed = true;
            writer.drop();
            reader.end();
            events.outputFailed();
        }
    }

    private void tellInputEnded() {
        events.inputEnded(failed);
        if (output == WireOutput.ENDED) {
            channel.close();
        }
    }

    @Override
    public boolean isReading() {
        return reader.isReading();
    }

    @Override
    public boolean inputEnded() {
        return reader.hasEnded();
    }

    @Override
    public void pass(ByteBuf from, int start, int end) {
        if (!takes()) {
            return;
        }
        boolean wasWritable = writer.isWritable();
        try {
            writer.write(from, start, end);
        } catch (IOException e) {
            sendFailed();
        }
        if (wasWritable != writer.isWritable()) {
            events.writabilityChanged();
        }
    }

    /** Bytes may still be queued. */
    private boolean takes() {
        return output == WireOutput.OPEN && !failed && socket.isOpen();
    }

    @Override
    public void lastFollows() {
        if (takes() && !writer.hasBacklog()) {
            TcpOptions.prefer(channel.config(), TcpOptions.CORK, 1);
        }
    }

    @Override
    public void write(ByteBuf bytes) {
        try {
            pass(bytes, bytes.readerIndex(), bytes.writerIndex());
        } finally {
            bytes.release();
        }
    }

    private void sendFailed() {
        writer.drop();
        if (!failed) {
            failed = true;
            // Not at once: the other side may be in the midst of reading.
            channel.eventLoop().execute(this::outputFailed);
        }
    }

    private void outputFailed() {
        try {
            events.outputFailed();
            if (peer == Peer.CLIENT) {
                channel.close();
            } else if (output.ends()) {
                outputSent();
            }
        } catch (Throwable e) {
            events.threw(e);
        }
    }

    private void sendWaiting() {
        boolean wasWritable = writer.isWritable();
        try {
            writer.sendWaiting();
        } catch (IOException e) {
            sendFailed();
            return;
        }
        if (wasWritable != writer.isWritable()) {
            events.writabilityChanged();
        }
        if (output.ends() && !writer.hasBacklog()) {
            outputSent();
        }
    }

    @Override
    public void flush() {
        // Sent as soon as it is queued.
    }

    @Override
    public void endOutput(boolean lastHeard) {
        if (output == WireOutput.OPEN) {
            output = lastHeard ? WireOutput.CLOSING : WireOutput.ENDING;
            if (!writer.hasBacklog()) {
                outputSent();
            }
        }
    }

    private void outputSent() {
        if (!socket.isOpen()) {
            return;
        }
        // Closing a socket in which something is to be read makes a reset of it.
        boolean nothingFollows = output == WireOutput.CLOSING && !reader.isReadable();
        output = WireOutput.ENDED;
        if (reader.hasEnded() || failed || nothingFollows) {
            channel.close();
        } else if (!reader.endsSoon()) {
            try {
                socket.shutdown(false, true);
            } catch (IOException | NotYetConnectedException e) {
                // It was reset meanwhile.
                failed = true;
                channel.close();
            }
        }
        events.outputEnded();
    }

    @Override
    public void reset() {
        if (socket.isOpen()) {
            output = WireOutput.ENDED;
            try {
                channel.config().setOption(ChannelOption.SO_LINGER, 0);
            } finally {
                channel.close();
            }
        }
    }

    private void closed() {
        boolean told = reader.hasEnded();
        reader.end();
        writer.drop();
        // Whoever closed is to finish first.
        channel.eventLoop().execute(() -> tellClosed(told));
    }

    private void tellClosed(boolean inputEndTold) {
        try {
            if (!inputEndTold) {
                events.inputEnded(failed);
            }
        } catch (Throwable e) {
            events.threw(e);
        }
        try {
            events.closed();
        } catch (Throwable e) {
            events.threw(e);
        }
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public boolean isWritable() {
        return writer.isWritable();
    }

    @Override
    public boolean hasBacklog() {
        return writer.hasBacklog();
    }

    @Override
    public long backlogBytes() {
        return writer.backlogBytes();
    }

    @Override
    public long taken() {
        return writer.sent();
    }
}
