// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** Many clients and a backend on one thread. One end sends as much as it can, and the other reads nothing. */
public final class Flood implements Stalling {

    /** Which end sends, and over which protocol. */
    public enum Kind {
        WEBSOCKET_TO_CLIENT,
        WEBSOCKET_TO_BACKEND,
        RESPONSE,
        UPLOAD;

        boolean isWebSocket() {
            return this == WEBSOCKET_TO_CLIENT || this == WEBSOCKET_TO_BACKEND;
        }

        boolean towardsClient() {
            return this == WEBSOCKET_TO_CLIENT || this == RESPONSE;
        }
    }

    private static final int SMALL_BUFFER = 4096;
    private static final long ENDLESS = 1L << 40;
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(64 * 1024);

    private final Kind kind;
    private final Selector selector = Selector.open();
    private final ServerSocketChannel server = ServerSocketChannel.open();
    private final Thread thread = new Thread(this::run, "flood");

    /** One end of a connection. */
    private static final class End {
        private ByteBuffer first;
        private boolean floods;

        End(ByteBuffer first, boolean floods) {
            this.first = first;
            this.floods = floods;
        }
    }

    public Flood(Kind kind) throws IOException {
        this.kind = kind;
        server.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_BUFFER);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4096);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public InetSocketAddress address() throws IOException {
        return (InetSocketAddress) server.getLocalAddress();
    }

    @Override
    public void connect(InetSocketAddress proxy, String host) throws IOException {
        SocketChannel client = SocketChannel.open();
        client.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_BUFFER);
        client.connect(proxy);
        client.configureBlocking(false);
        String head = kind.isWebSocket()
                ? TestProxy.handshake().replace("chat.example.com", host)
                : (kind == Kind.UPLOAD ? "POST" : "GET") + " / HTTP/1.1\r\nHost: " + host + "\r\n"
                        + (kind == Kind.UPLOAD ? "Content-Length: " + ENDLESS + "\r\n" : "") + "\r\n";
        byte[] frame = kind == Kind.WEBSOCKET_TO_BACKEND ? Frame.header(Frame.BINARY, ENDLESS, true) : new byte[0];
        End end = new End(joined(head, frame), !kind.towardsClient());
        client.register(selector, SelectionKey.OP_WRITE, end);
        selector.wakeup();
    }

    private static ByteBuffer joined(String head, byte[] rest) {
        byte[] bytes = head.getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(bytes.length + rest.length)
                .put(bytes)
                .put(rest)
                .flip();
    }

    private void run() {
        try {
            while (selector.isOpen()) {
                selector.select(key -> {
                    try {
                        handle(key);
                    } catch (IOException | CancelledKeyException e) {
                        // Cancelled where another thread has closed the socket.
                        end(key);
                    }
                });
            }
        } catch (IOException | ClosedSelectorException e) {
            // Closed.
        }
    }

    private void handle(SelectionKey key) throws IOException {
        if (key.isAcceptable()) {
            SocketChannel accepted = server.accept();
            if (accepted != null) {
                accepted.configureBlocking(false);
                accepted.register(selector, SelectionKey.OP_READ, new End(ByteBuffer.allocate(0), false));
            }
            return;
        }
        SocketChannel channel = (SocketChannel) key.channel();
        End end = (End) key.attachment();
        if (key.isReadable()) {
            readHead(key, channel, end);
        } else if (key.isWritable()) {
            write(key, channel, end);
        }
    }

    /** A backend reads only once, to get the head. */
    private void readHead(SelectionKey key, SocketChannel channel, End end) throws IOException {
        if (channel.read(ByteBuffer.allocate(2048)) < 0) {
            throw new IOException("ended");
        }
        String answer = kind.isWebSocket()
                ? TestProxy.switching()
                : kind == Kind.RESPONSE ? "HTTP/1.1 200 OK\r\nContent-Length: " + ENDLESS + "\r\n\r\n" : "";
        byte[] frame = kind == Kind.WEBSOCKET_TO_CLIENT ? Frame.header(Frame.BINARY, ENDLESS, false) : new byte[0];
        end.first = joined(answer, frame);
        end.floods = kind.towardsClient();
        key.interestOps(SelectionKey.OP_WRITE);
    }

    private void write(SelectionKey key, SocketChannel channel, End end) throws IOException {
        if (end.first.hasRemaining()) {
            channel.write(end.first);
        } else if (end.floods) {
            channel.write(ZEROS.duplicate());
        } else {
            key.interestOps(0);
        }
    }

    private static void end(SelectionKey key) {
        key.cancel();
        try {
            key.channel().close();
        } catch (IOException e) {
            // It was closed already.
        }
    }

    @Override
    public void close() throws IOException {
        if (selector.isOpen()) {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        }
    }
}
