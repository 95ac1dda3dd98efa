// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import io.netty.channel.unix.Socket;
import java.io.IOException;

/**
 * Reads and writes a socket: its channel's pipeline, until another owner takes the socket
 * ({@link TcpChannel#take}). All methods are called on the event loop.
 */
public interface SocketOwner {

    /** Whether input may be read now. When this becomes true, {@link SocketReader#resume} must be called. */
    boolean wantsInput();

    /**
     * Reads the socket once, into a buffer of the owner.
     *
     * @return number of bytes; 0 if there are none now; negative at the end of the stream
     */
    int receive(Socket socket) throws IOException;

    /** Whether the last {@link #receive} filled its buffer, so that the socket may have more. */
    boolean mayHaveMore();

    /** Passes on the bytes of the last {@link #receive}. */
    void received();

    /** The burst of reads has ended. */
    void receivedAll();

    /** {@link #receive} threw. {@link #receivedAll} and {@link #endOfInput} follow. */
    void inputFailed(Throwable cause);

    /** The end of the stream was read, or {@link #receive} threw. */
    void endOfInput();

    /** The end of the stream or an error was reported while no input is wanted. May be called several times. */
    void unreadEnd(UnreadEnd end);

    /** The connection broke after the end of the stream was read. */
    void brokenAfterEnd();

    /** The socket accepts bytes, or has failed. */
    void writable();

    /** A method of this owner threw something unexpected, perhaps an {@link Error}. */
    void threw(Throwable cause);
}
