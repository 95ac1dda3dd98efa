// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.containment.Containment;
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
final class EpollWire implements Wire {

    private final TcpChannel channel;
    private final TunnelPeer peer;
    private final WireEvents events;
    private final Socket socket;
    private final EpollInput input;
    private final WriteQueue queue;
    private boolean inputEndReported;
    private WireOutput output = WireOutput.OPEN;
    /** Reading or writing met an error: what looks like the end of the stream from then on is a reset. */
    private boolean failed;

    /**
     * @param unread is read first, and released
     * @param maxBufferedBytes as soon as more wait for the other end, it is not writable
     */
    EpollWire(
            TcpChannel channel,
            ByteBuf unread,
            TunnelPeer peer,
            WireEvents events,
            LoopBuffer buffer,
            int maxBufferedBytes) {
        this.channel = channel;
        this.peer = peer;
        this.events = events;
        this.socket = channel.socket();
        this.input = new EpollInput(this, events, channel.reader(), buffer, unread);
        this.queue = new WriteQueue(
                channel.writer(),
                channel.alloc(),
                buffer,
                maxBufferedBytes,
                () -> Containment.execute(channel, events::evicted));
    }

    @Override
    public void open() {
        channel.closeFuture().addListener(done -> closed());
        channel.take(input, queue::keep);
        input.begin();
    }

    void writable() {
        try {
            if (!queue.isEmpty()) {
                sendWaiting();
            }
        } catch (Throwable e) {
            events.threw(e);
        }
    }

    @Override
    public void readMore(boolean more) {
        input.readMore(more);
    }

    void inputFailed() {
        failed = true;
        queue.drop();
        input.end();
        events.outputFailed();
    }

    void endOfInput() {
        reportInputEnd();
        if (output == WireOutput.ENDED) {
            channel.close();
        }
    }

    private void reportInputEnd() {
        if (!inputEndReported) {
            inputEndReported = true;
            events.inputEnded(failed);
        }
    }

    @Override
    public boolean isReading() {
        return input.isReading();
    }

    @Override
    public boolean inputEnded() {
        return input.hasEnded();
    }

    @Override
    public void pass(ByteBuf from, int start, int end) {
        if (!takes()) {
            return;
        }
        boolean wasWritable = queue.isWritable();
        try {
            queue.write(from, start, end);
        } catch (IOException e) {
            sendFailed();
        }
        if (wasWritable != queue.isWritable()) {
            events.writabilityChanged();
        }
    }

    /** Bytes may still be queued. */
    private boolean takes() {
        return output == WireOutput.OPEN && !failed && socket.isOpen();
    }

    @Override
    public void lastFollows() {
        if (takes() && queue.isEmpty()) {
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

    /** Nothing that is sent matters any more. */
    void sendFailed() {
        queue.drop();
        if (!failed) {
            failed = true;
            // Not at once: the other side may be in the midst of reading.
            channel.eventLoop().execute(this::outputFailed);
        }
    }

    private void outputFailed() {
        try {
            events.outputFailed();
            if (peer == TunnelPeer.CLIENT) {
                channel.close();
            } else if (output.ends()) {
                outputSent();
            }
        } catch (Throwable e) {
            events.threw(e);
        }
    }

    private void sendWaiting() {
        boolean wasWritable = queue.isWritable();
        try {
            queue.sendWaiting();
        } catch (IOException e) {
            sendFailed();
            return;
        }
        if (wasWritable != queue.isWritable()) {
            events.writabilityChanged();
        }
        if (output.ends() && queue.isEmpty()) {
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
            if (queue.isEmpty()) {
                outputSent();
            }
        }
    }

    private void outputSent() {
        if (!socket.isOpen()) {
            return;
        }
        // Closing a socket with unread input sends a reset.
        boolean nothingFollows = output == WireOutput.CLOSING && !input.isReadable();
        output = WireOutput.ENDED;
        if (input.hasEnded() || failed || nothingFollows) {
            channel.close();
        } else if (!input.endsSoon()) {
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
        input.end();
        queue.drop();
        // After the code that has called close.
        channel.eventLoop().execute(this::reportClosed);
    }

    private void reportClosed() {
        try {
            reportInputEnd();
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
        return queue.isWritable();
    }

    @Override
    public boolean hasBacklog() {
        return !queue.isEmpty();
    }

    @Override
    public long backlogBytes() {
        return queue.bytes();
    }

    @Override
    public long taken() {
        return queue.sent();
    }
}
