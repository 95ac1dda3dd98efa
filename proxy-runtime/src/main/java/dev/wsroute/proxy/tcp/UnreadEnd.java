package dev.wsroute.proxy.tcp;

/**
 * A {@link TcpChannel}'s user event: the peer has ended its output, or the connection broke, and the channel does not
 * read. Each is told once. The bytes before the end stay in the socket for whoever reads on; the end itself is told
 * again, as usual, when it is read.
 *
 * <p>Netty's channels have no such event: with NIO nothing is known of the peer while reading pauses.
 */
public enum UnreadEnd {
    /** The peer's FIN came. It may read yet. */
    ENDED,

    /** Such as by a reset: nothing can be written any more. */
    BROKEN
}
