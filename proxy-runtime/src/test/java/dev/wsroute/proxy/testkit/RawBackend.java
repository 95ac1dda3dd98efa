// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A server whose connections are handled by the test. */
public final class RawBackend implements AutoCloseable {

    private static final int ACCEPT_TIMEOUT_MILLIS = 10_000;

    private final CuttingServer server;
    private @Nullable SSLContext tls = TestTls.isOnBackends() ? TestTls.backendContext() : null;
    private boolean asksClients;
    private String[] versions = {};

    private static final class CuttingServer extends ServerSocket {

        CuttingServer() throws IOException {
            super();
        }

        @Override
        public CuttingSocket accept() throws IOException {
            CuttingSocket accepted = new CuttingSocket();
            implAccept(accepted);
            return accepted;
        }
    }

    private RawBackend(CuttingServer server) {
        this.server = server;
    }

    public static RawBackend start() throws IOException {
        return start(0);
    }

    /** @param receiveBuffer size of the sockets' receive buffer in bytes; 0 for the default */
    public static RawBackend start(int receiveBuffer) throws IOException {
        CuttingServer server = new CuttingServer();
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

    /** Uses TLS from now on. */
    public RawBackend secure(SSLContext context, String... protocols) {
        tls = context;
        versions = protocols;
        return this;
    }

    /** Uses TLS and requires client certificates from now on. */
    public RawBackend secureForClients(SSLContext context, String... protocols) {
        asksClients = true;
        return secure(context, protocols);
    }

    /** Waits for the next connection. Makes the TLS handshake if this backend uses TLS. */
    public RawPeer accept() throws IOException {
        return secured(new RawPeer(server.accept()));
    }

    /** Waits for the next connection, without TLS. */
    public RawPeer acceptPlain() throws IOException {
        return new RawPeer(server.accept());
    }

    private RawPeer secured(RawPeer peer) throws IOException {
        return tls == null ? peer : peer.secureServer(tls, asksClients, versions);
    }

    /** The next connection if there is one already. */
    public @Nullable RawPeer poll() throws IOException {
        server.setSoTimeout(1);
        try {
            return secured(new RawPeer(server.accept()));
        } catch (SocketTimeoutException nobody) {
            return null;
        } finally {
            server.setSoTimeout(ACCEPT_TIMEOUT_MILLIS);
        }
    }

    /** Whether no connection arrives for a short time. */
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
