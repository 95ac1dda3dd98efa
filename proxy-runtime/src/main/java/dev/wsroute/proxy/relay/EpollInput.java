// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.memory.Evictable;
import dev.wsroute.proxy.tcp.SocketOwner;
import dev.wsroute.proxy.tcp.SocketReader;
import dev.wsroute.proxy.tcp.UnreadEnd;
import io.netty.buffer.ByteBuf;
import io.netty.channel.unix.Socket;
import java.io.IOException;

/** The input of an {@link EpollWire}: reads into the loop's buffer, and passes the bytes on before the next read. */
final class EpollInput implements SocketOwner {

    private final EpollWire wire;
    private final WireEvents events;
    private final SocketReader reader;
    private final LoopBuffer buffer;
    private final WireDecoder decoder;
    /** Its unread bytes are delivered first. */
    private final Handover handedOver;

    private int received;
    private boolean mayHaveMore;
    private boolean reading;

    EpollInput(
            EpollWire wire,
            WireEvents events,
            SocketReader reader,
            LoopBuffer buffer,
            WireDecoder decoder,
            Handover handedOver) {
        this.wire = wire;
        this.events = events;
        this.reader = reader;
        this.buffer = buffer;
        this.decoder = decoder;
        this.handedOver = handedOver;
    }

    /** Must be called once the socket is taken. */
    void begin() {
        if (handedOver.unread() != null) {
            reader.holdsBytes();
        }
    }

    void readMore(boolean more) {
        reading = more;
        if (more) {
            reader.resume();
        }
    }

    void readLess() {
        decoder.readLess();
    }

    void holdBack(ByteBuf from, int start, int end, Evictable holder) {
        ByteBuf unread = handedOver.unread();
        if (unread == null) {
            handedOver.holdBack(from, start, end, holder);
        } else {
            // They come from there.
            unread.readerIndex(unread.readerIndex() - (end - start));
        }
        reader.holdsBytes();
    }

    boolean isReading() {
        return reading;
    }

    /** Whether there may be unread input. */
    boolean isReadable() {
        return reader.isReadable();
    }

    /** Whether the end of the stream was reported and is about to be read. */
    boolean endsSoon() {
        return reading && reader.isEnding();
    }

    boolean hasEnded() {
        return reader.hasEnded();
    }

    /** Stops reading for good. */
    void end() {
        reader.end();
        handedOver.release();
        decoder.release();
    }

    @Override
    public boolean wantsInput() {
        return reading;
    }

    @Override
    public int receive(Socket socket) throws IOException {
        ByteBuf unread = handedOver.unread();
        if (unread != null && !unread.isReadable()) {
            handedOver.release();
            unread = null;
        }
        if (unread == null) {
            int read = decoder.receive(socket);
            received = decoder.decoded();
            mayHaveMore = decoder.mayHaveMore();
            return read;
        }
        received = takeUnread(unread, buffer.buffer());
        mayHaveMore = true;
        return received;
    }

    /** What was exhausted is released with the next read: until then, the end of it may be held back again. */
    private int takeUnread(ByteBuf first, ByteBuf into) {
        int length = Math.min(first.readableBytes(), into.capacity() - LoopBuffer.HEADROOM);
        into.setBytes(LoopBuffer.HEADROOM, first, length);
        return length;
    }

    @Override
    public boolean mayHaveMore() {
        return mayHaveMore;
    }

    @Override
    public void received() {
        if (received > 0) {
            ByteBuf bytes = buffer.buffer().setIndex(LoopBuffer.HEADROOM, LoopBuffer.HEADROOM + received);
            events.received(bytes, LoopBuffer.HEADROOM);
        }
    }

    @Override
    public void receivedAll() {
        events.receivedAll();
    }

    @Override
    public void inputFailed(Throwable cause) {
        wire.inputFailed();
        if (!(cause instanceof IOException)) {
            events.threw(cause);
        }
    }

    @Override
    public void endOfInput() {
        wire.endOfInput();
    }

    @Override
    public void unreadEnd(UnreadEnd end) {
        // The end is reported when it is read, after the bytes before it.
    }

    @Override
    public void brokenAfterEnd() {
        wire.sendFailed();
    }

    @Override
    public void writable() {
        wire.writable();
    }

    @Override
    public void threw(Throwable cause) {
        events.threw(cause);
    }
}
