// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/** A server whose connections are handled by the test. */
public final class RawBackend implements AutoCloseable {

    private static final int ACCEPT_TIMEOUT_MILLIS = 10_000;

    private final ServerSocket server;

    private RawBackend(ServerSocket server) {
        this.server = server;
    }

    public static RawBackend start() throws IOException {
        return start(0);
    }

    /** @param receiveBuffer size of the sockets' receive buffer in bytes; 0 for the default */
    public static RawBackend start(int receiveBuffer) throws IOException {
        ServerSocket server = new ServerSocket();
        if (receiveBuffer > 0) {
            server.setReceiveBufferSize(receiveBuffer);
        }
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        server.setSoTimeout(ACCEPT_TIMEOUT_MILLIS);
        return new RawBackend(server);
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** Waits for the next connection. */
    public RawPeer accept() throws IOException {
        return new RawPeer(server.accept());
    }

    /** The next connection, if it has been made already. */
    public @Nullable RawPeer poll() throws IOException {
        server.setSoTimeout(1);
        try {
            return new RawPeer(server.accept());
        } catch (SocketTimeoutException nobody) {
            return null;
        } finally {
            server.setSoTimeout(ACCEPT_TIMEOUT_MILLIS);
        }
    }

    /** Whether no connection is made for a moment. */
    public boolean isLeftAloneFor(int millis) throws IOException {
        server.setSoTimeout(millis);
        try {
            server.accept().close();
            return false;
        } catch (SocketTimeoutException nobody) {
            return true;
        } finally {
            server.setSoTimeout(ACCEPT_TIMEOUT_MILLIS);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
