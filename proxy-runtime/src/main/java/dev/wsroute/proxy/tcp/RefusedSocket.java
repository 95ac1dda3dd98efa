// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers or resets sockets that have just been accepted, with four system calls and without a channel, which would cost several
 * times as much. Used on one event loop.
 */
final class RefusedSocket {

    /** Fits the heads of browsers with their cookies. */
    private static final int INPUT_BYTES = 8192;

    private static final int HEAD_END = 0x0d0a0d0a;

    private static final Logger LOG = LoggerFactory.getLogger(RefusedSocket.class);

    private final ByteBuffer input = ByteBuffer.allocateDirect(INPUT_BYTES);

    /**
     * Ends a connection: with the answer if the socket's input ends with the end of a request's head, otherwise with a reset.
     * Unread input would make the kernel reset the connection anyway, which can destroy the answer.
     *
     * @return whether the answer was sent
     */
    boolean refuse(Socket client, @Nullable ByteBuffer answer) {
        try {
            boolean answered = answer != null && isWholeRequest(client) && isSent(answer, client);
            if (!answered) {
                client.setSoLinger(0);
            }
            return answered;
        } catch (IOException e) {
            // The client has gone.
            return false;
        } finally {
            close(client);
        }
    }

    private static void close(Socket client) {
        try {
            client.close();
        } catch (IOException e) {
            LOG.debug("Cannot close a refused connection", e);
        }
    }

    private static boolean isSent(ByteBuffer answer, Socket client) throws IOException {
        // The end of the output goes into the same segment.
        client.setIntOpt(TcpOptions.CORK.level(), TcpOptions.CORK.optname(), 1);
        return client.send(answer, 0, answer.limit()) == answer.limit();
    }

    private boolean isWholeRequest(Socket client) throws IOException {
        int length = client.recv(input, 0, INPUT_BYTES);
        return length >= Integer.BYTES && length < INPUT_BYTES && input.getInt(length - Integer.BYTES) == HEAD_END;
    }
}
