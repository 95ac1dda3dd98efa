// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import io.netty.channel.unix.Socket;
import java.io.IOException;

/**
 * Reads and writes a socket: its channel's pipeline, until another owner takes the socket
 * ({@link TcpChannel#take}). All methods are called on the event loop.
 */
public interface SocketOwner {

    /** Whether input may be read now. When that becomes true, {@link SocketReader#resume} must be called. */
    boolean wantsInput();

    /**
     * Reads the socket once, into a buffer of the owner's.
     *
     * @return the number of bytes; 0 if there are none now; negative at the end of the stream
     */
    int receive(Socket socket) throws IOException;

    /** Whether more may be there than the last {@link #receive} had room for. */
    boolean mayHaveMore();

    /** Passes on what the last {@link #receive} read. */
    void received();

    /** No more is read for now. */
    void receivedAll();

    /** {@link #receive} threw. {@link #receivedAll} and {@link #endOfInput} follow. */
    void inputFailed(Throwable cause);

    /** The end of the stream was read, or {@link #receive} threw. */
    void endOfInput();

    /** The peer's end, or an error, was reported while no input is wanted. May be called several times. */
    void unreadEnd(UnreadEnd end);

    /** The connection broke after the end of the stream was read. */
    void brokenAfterEnd();

    /** The socket takes bytes, or never will. */
    void writable();

    /** A method of this owner has thrown something unexpected, perhaps an {@link Error}. */
    void threw(Throwable cause);
}
