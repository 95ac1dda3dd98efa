package dev.wsroute.admin;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A socket that says exactly what it is told. */
final class Peer implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket = new Socket();

    private Peer() {}

    static Peer connect(InetSocketAddress to) throws IOException {
        return connect(to, "127.0.0.1", 0);
    }

    /**
     * @param from a loopback address, such as 127.0.0.2
     * @param receiveBuffer bytes that the kernel takes for a reader that does not read; 0: its own choice
     */
    static Peer connect(InetSocketAddress to, String from, int receiveBuffer) throws IOException {
        Peer peer = new Peer();
        if (receiveBuffer > 0) {
            peer.socket.setReceiveBufferSize(receiveBuffer);
        }
        peer.socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
        peer.socket.connect(to, PATIENCE_MILLIS);
        peer.socket.setSoTimeout(PATIENCE_MILLIS);
        peer.socket.setTcpNoDelay(true);
        return peer;
    }

    /** Asks for a page on a connection of its own. */
    static String get(InetSocketAddress server, String path) throws IOException {
        try (Peer peer = connect(server)) {
            return peer.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").readToEnd();
        }
    }

    Peer send(String latin1) throws IOException {
        socket.getOutputStream().write(latin1.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    String readToEnd() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Waits for the other end's reset. */
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
