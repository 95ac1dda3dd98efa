// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** Accepts every WebSocket, answers every other request with an empty 200, and counts requests. */
public final class CountingBackend implements AutoCloseable {

    private final ServerSocket server;
    private final AtomicInteger served = new AtomicInteger();

    private CountingBackend(ServerSocket server) {
        this.server = server;
    }

    public static CountingBackend start() throws IOException {
        CountingBackend backend = new CountingBackend(new ServerSocket(0, 1024, InetAddress.getLoopbackAddress()));
        Thread thread = new Thread(backend::serve, "counting-backend");
        thread.setDaemon(true);
        thread.start();
        return backend;
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Number of answered requests. */
    public int served() {
        return served.get();
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket accepted = server.accept();
                    RawPeer peer = new RawPeer(accepted)) {
                String head = peer.readHead();
                served.incrementAndGet();
                if (head.contains("Sec-WebSocket-Key") || head.contains("sec-websocket-key")) {
                    peer.send(TestProxy.switching());
                } else {
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                }
                peer.atEnd();
            } catch (IOException gone) {
                // Accept the next one, or stop.
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
