package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.tcp.TcpChannel;
import io.netty.buffer.ByteBuf;

/**
 * Carries bytes to and from one end of a tunnel for the tunnel's whole life, and reports that end's events to its
 * {@link WireEvents}. Once the output is to end, nothing more is queued; once input and output have ended, it closes.
 * All methods are called on the event loop.
 */
interface Wire {

    /** Creates the wire for this connection. Nothing happens before {@link #open}. */
    static Wire of(Handover from, TunnelPeer peer, WireEvents events, LoopBuffer buffer, int maxBufferedBytes) {
        return from.channel() instanceof TcpChannel socket
                ? new EpollWire(socket, from.unread(), peer, events, buffer, maxBufferedBytes)
                : new ChannelWire(from.channel(), from.unread(), peer, events, maxBufferedBytes);
    }

    /** Takes the connection. Nothing is read before {@link #readMore}. */
    void open();

    /** Queues a part of {@code buffer}, which stays the caller's and may be overwritten after this call. */
    void pass(ByteBuf buffer, int start, int end);

    /** What is passed next may wait for the end of the output, which follows at once, and share a segment with it. */
    void lastFollows();

    /** Queues bytes of the proxy's own, and releases them. */
    void write(ByteBuf bytes);

    /** Sends what is queued, as far as the other end takes it. */
    void flush();

    /**
     * Ends the output once all is sent, and tells {@link WireEvents#outputEnded}.
     *
     * @param lastHeard the other end has said that it sends no more: there is no need to wait for the end of its output
     */
    void endOutput(boolean lastHeard);

    /** Sends what is queued, as far as the other end takes it at once, and closes such that it sees a reset. */
    void reset();

    /** Reads on, or not for now. */
    void readMore(boolean more);

    boolean isReading();

    boolean isOpen();

    /** The other end sends no more. */
    boolean inputEnded();

    /** So little waits that more may be queued. */
    boolean isWritable();

    /** Bytes wait for the other end to take them. */
    boolean hasBacklog();

    /** How many. */
    long backlogBytes();

    /** Grows with every byte that the other end takes while some wait. */
    long taken();
}
