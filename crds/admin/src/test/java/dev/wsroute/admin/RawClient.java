// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.admin;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A client socket that sends exactly the given bytes. */
final class RawClient implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket = new Socket();

    private RawClient() {}

    static RawClient connect(InetSocketAddress to) throws IOException {
        return connect(to, "127.0.0.1", 0);
    }

    /**
     * @param from a loopback address, such as 127.0.0.2
     * @param receiveBuffer size of the kernel's receive buffer in bytes; 0: the default
     */
    static RawClient connect(InetSocketAddress to, String from, int receiveBuffer) throws IOException {
        RawClient peer = new RawClient();
        if (receiveBuffer > 0) {
            peer.socket.setReceiveBufferSize(receiveBuffer);
        }
        peer.socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
        peer.socket.connect(to, PATIENCE_MILLIS);
        peer.socket.setSoTimeout(PATIENCE_MILLIS);
        peer.socket.setTcpNoDelay(true);
        return peer;
    }

    /** Gets a page on a new connection. */
    static String get(InetSocketAddress server, String path) throws IOException {
        try (RawClient peer = connect(server)) {
            return peer.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").readToEnd();
        }
    }

    RawClient send(String latin1) throws IOException {
        socket.getOutputStream().write(latin1.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    String readToEnd() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Reads until the connection ends; true if the server has reset it. */
    boolean isReset() throws IOException {
        try {
            socket.getInputStream().readAllBytes();
            return false;
        } catch (SocketException reset) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
