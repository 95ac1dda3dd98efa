// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The number of clients in a listener's accept queue, as Linux tells it (TCP_INFO, tcp(7)); 0 if it does not. */
final class WaitingClients implements IntSupplier {

    private static final Logger LOG = LoggerFactory.getLogger(WaitingClients.class);

    private static final int IPPROTO_TCP = 6;
    private static final int TCP_INFO = 11;

    /** Of {@code tcpi_unacked} in {@code struct tcp_info}: for a listener, the length of the queue. */
    private static final int QUEUED = 24;

    private final Socket listener;
    private final ByteBuffer info =
            ByteBuffer.allocateDirect(QUEUED + Integer.BYTES).order(ByteOrder.nativeOrder());

    WaitingClients(Socket listener) {
        this.listener = listener;
    }

    @Override
    public int getAsInt() {
        try {
            listener.getRawOpt(IPPROTO_TCP, TCP_INFO, info.clear());
            return info.getInt(QUEUED);
        } catch (IOException e) {
            LOG.debug("The system does not tell how many clients wait", e);
            return 0;
        }
    }
}
