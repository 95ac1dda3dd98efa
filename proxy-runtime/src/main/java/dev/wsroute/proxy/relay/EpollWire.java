// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.memory.Evictable;
import dev.wsroute.proxy.tcp.TcpChannel;
import dev.wsroute.proxy.tcp.TcpOptions;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.channels.NotYetConnectedException;

/**
 * A wire that reads and writes its socket directly, driven by epoll's events: it reads into the loop's buffer, and the
 * other side writes from there. Only bytes that the other side's socket does not accept are copied. TLS, if any, is between
 * socket and buffer. The channel that owned the socket before only closes it.
 */
final class EpollWire implements Wire {

    private final TcpChannel channel;
    private final TunnelPeer peer;
    private final WireEvents events;
    private final Socket socket;
    private final EpollInput input;
    private final Evictable holder;
    private final WriteQueue queue;
    private final WireEncoder encoder;
    private boolean inputEndReported;
    private WireOutput output = WireOutput.OPEN;
    /** Reading or writing has failed. The end of the stream then counts as a reset. */
    private boolean failed;

    /**
     * @param handedOver its unread bytes are read first
     * @param maxBufferedBytes limit of queued bytes above which the wire is not writable
     */
    EpollWire(
            TcpChannel channel,
            Handover handedOver,
            TunnelPeer peer,
            WireEvents events,
            LoopBuffer buffer,
            int maxBufferedBytes) {
        this.channel = channel;
        this.peer = peer;
        this.events = events;
        this.socket = channel.socket();
        TlsHandover tls = TlsHandover.of(channel);
        this.holder = () -> Containment.execute(channel, events::evicted);
        this.queue = new WriteQueue(
                channel.writer(),
                channel.alloc(),
                tls == null ? buffer : buffer.ciphertext(),
                maxBufferedBytes,
                holder);
        WireDecoder decoder;
        if (tls == null) {
            encoder = queue;
            decoder = new PlainDecoder(buffer);
        } else {
            TlsEncoder encrypting = new TlsEncoder(tls.engine(), buffer, queue, channel.alloc());
            encoder = encrypting;
            decoder = new TlsDecoder(
                    tls, encrypting, buffer, new UndecryptedBytes(channel.writer(), channel.alloc(), holder));
        }
        this.input = new EpollInput(this, events, channel.reader(), buffer, decoder, handedOver);
    }

    @Override
    public void open() {
        channel.closeFuture().addListener(done -> closed());
        channel.take(input, queue::addUnsent);
        input.begin();
    }

    void writable() {
        try {
            if (!queue.isEmpty()) {
                sendQueued();
            }
        } catch (Throwable e) {
            events.threw(e);
        }
    }

    @Override
    public void readMore(boolean more) {
        input.readMore(more);
    }

    @Override
    public void readLess() {
        input.readLess();
    }

    @Override
    public void holdBack(ByteBuf buffer, int start, int end) {
        input.holdBack(buffer, start, end, holder);
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
        if (!acceptsBytes()) {
            return;
        }
        boolean wasWritable = queue.isWritable();
        try {
            encoder.write(from, start, end);
        } catch (IOException e) {
            sendFailed();
        }
        if (wasWritable != queue.isWritable()) {
            events.writabilityChanged();
        }
    }

    /** Whether bytes may still be queued. */
    private boolean acceptsBytes() {
        return output == WireOutput.OPEN && !failed && socket.isOpen();
    }

    @Override
    public void lastFollows() {
        if (acceptsBytes() && queue.isEmpty()) {
            TcpOptions.prefer(channel.config(), TcpOptions.CORK, 1);
            encoder.holdBack();
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

    /** Sending has failed: drops what is queued. */
    void sendFailed() {
        queue.drop();
        if (!failed) {
            failed = true;
            // In a later task, since the other side may be in the middle of a read.
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

    private void sendQueued() {
        boolean wasWritable = queue.isWritable();
        try {
            queue.sendQueued();
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
        if (acceptsBytes()) {
            try {
                encoder.flush();
            } catch (IOException e) {
                sendFailed();
            }
        }
    }

    @Override
    public void endOutput(boolean peerDone) {
        if (output == WireOutput.OPEN) {
            if (acceptsBytes()) {
                writeEnd();
            }
            output = peerDone ? WireOutput.CLOSING : WireOutput.ENDING;
            if (queue.isEmpty()) {
                outputSent();
            }
        }
    }

    private void writeEnd() {
        try {
            encoder.writeEnd();
        } catch (IOException e) {
            sendFailed();
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
                // The peer has reset the connection.
                failed = true;
                channel.close();
            }
        }
        events.outputEnded();
    }

    @Override
    public void reset() {
        input.end();
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
        // In a later task, so that it runs after the code that called close.
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
    public long progress() {
        return queue.sent();
    }
}
