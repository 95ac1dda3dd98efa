// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

/**
 * A user event of {@link TcpChannel}: the peer has ended its output, or the connection has failed, while the channel is not
 * reading. Each is fired once. Bytes before the end stay in the socket. When reading resumes, the end is reported as usual.
 *
 * <p>Netty's channels have no such event: with NIO, the end is not noticed while reading is paused.
 */
public enum UnreadEnd {
    /** The peer's FIN was received. It may still read. */
    ENDED,

    /** The connection has failed, for example by a reset. Nothing can be written any more. */
    BROKEN
}
