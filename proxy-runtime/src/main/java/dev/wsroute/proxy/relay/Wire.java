// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.tcp.TcpChannel;
import io.netty.buffer.ByteBuf;

/**
 * The byte stream to and from one side of a tunnel. Reports events to {@link WireEvents}. Bytes queued after the end of
 * the output are dropped. Once input and output have ended, the connection is closed. All methods must be called on the
 * event loop.
 */
interface Wire {

    /** Creates the wire of a connection. Nothing happens before {@link #open}. */
    static Wire of(Handover from, TunnelPeer peer, WireEvents events, LoopBuffer buffer, int maxBufferedBytes) {
        return from.channel() instanceof TcpChannel socket
                ? new EpollWire(socket, from, peer, events, buffer, maxBufferedBytes)
                : new ChannelWire(from, peer, events, maxBufferedBytes);
    }

    /** Takes over the connection. Nothing is read before {@link #readMore}. */
    void open();

    /** Queues a part of {@code buffer}. The caller keeps the buffer and may overwrite it after this call. */
    void pass(ByteBuf buffer, int start, int end);

    /** The next bytes may share a TCP segment with the end of the output, which follows at once. */
    void lastFollows();

    /** Queues bytes of the proxy, and releases the buffer. */
    void write(ByteBuf bytes);

    /** Sends queued bytes as far as the socket accepts them. */
    void flush();

    /**
     * Ends the output once all queued bytes are sent, and calls {@link WireEvents#outputEnded}.
     *
     * @param peerDone whether the peer sends no more: the connection is closed without waiting for the end of its output
     */
    void endOutput(boolean peerDone);

    /**
     * Sends queued bytes as far as possible without waiting, closes with a TCP reset, and releases the unread bytes. Also if
     * it was never opened.
     */
    void reset();

    /** Resumes or pauses reading. */
    void readMore(boolean more);

    boolean isReading();

    /** From now on reads only so much at once that {@link #holdBack} may keep the rest of it. */
    void readLess();

    /**
     * Keeps a part of the bytes that are being received, up to their end. They are received again, before others, once reading
     * is resumed. The caller pauses reading.
     */
    void holdBack(ByteBuf buffer, int start, int end);

    boolean isOpen();

    /** Whether the input has ended. */
    boolean inputEnded();

    /** Whether more may be queued. */
    boolean isWritable();

    /** Whether bytes are queued. */
    boolean hasBacklog();

    /** Number of queued bytes. */
    long backlogBytes();

    /** A counter that grows with each byte sent while bytes are queued. */
    long progress();
}
