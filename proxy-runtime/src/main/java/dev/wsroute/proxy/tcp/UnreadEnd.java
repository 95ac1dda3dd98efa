// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

/**
 * A {@link TcpChannel}'s user event: the peer has ended its output, or the connection broke, while the channel does not
 * read. Each is fired once. The bytes before the end stay in the socket; when it is read on, the end itself is
 * reported as usual.
 *
 * <p>Netty's channels have no such event: with NIO nothing is known of the peer while reading pauses.
 */
public enum UnreadEnd {
    /** The peer's FIN was received. It may still read. */
    ENDED,

    /** The connection broke, for example by a reset. Nothing can be written any more. */
    BROKEN
}
