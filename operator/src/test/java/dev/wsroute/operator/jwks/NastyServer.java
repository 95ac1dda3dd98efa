// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A server on loopback that says what a test wants, after it has read a request. */
final class NastyServer implements AutoCloseable {

    private static final int CHUNK = 16 * 1024;

    private final ServerSocket listening;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();

    /** What it does with a connection. */
    @FunctionalInterface
    interface Answer {

        void write(OutputStream out, NastyServer server) throws IOException;
    }

    NastyServer(SSLContext tls, Answer answer) throws IOException {
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(() -> {
            while (!listening.isClosed()) {
                try {
                    Socket plain = listening.accept();
                    accepted.incrementAndGet();
                    threads.execute(() -> serve(plain, tls, answer));
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    /** The whole answer, as text. */
    static Answer saying(String... lines) {
        return (out, server) -> server.write(out, String.join("\r\n", lines));
    }

    /** 200 with this body. */
    static Answer ok(String body, String... headers) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String further = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return (out, server) -> {
            server.write(out, "HTTP/1.1 200 OK\r\nContent-Length: " + bytes.length + "\r\n" + further + "\r\n");
            server.write(out, bytes);
        };
    }

    /** A gigabyte after this head. */
    static Answer gigabyte(String head, boolean chunked) {
        return (out, server) -> {
            server.write(out, head + "\r\n\r\n");
            byte[] piece = "x".repeat(CHUNK).getBytes(StandardCharsets.US_ASCII);
            for (long left = 1L << 30; left > 0; left -= CHUNK) {
                if (chunked) {
                    server.write(out, Integer.toHexString(CHUNK) + "\r\n");
                }
                server.write(out, piece);
                if (chunked) {
                    server.write(out, "\r\n");
                }
            }
        };
    }

    /** Says this again and again, until it is closed. */
    static Answer repeating(String head, String piece) {
        return (out, server) -> {
            server.write(out, head);
            while (server.closed.getCount() > 0) {
                server.write(out, piece);
            }
        };
    }

    /** Says this, and no more. */
    static Answer hangingAfter(String head) {
        return (out, server) -> {
            server.write(out, head);
            server.hang();
        };
    }

    private void write(OutputStream out, String text) throws IOException {
        write(out, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void write(OutputStream out, byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        sent.addAndGet(bytes.length);
    }

    private void hang() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(Socket plain, SSLContext tls, Answer answer) {
        try (Socket socket = tls == null ? plain : tls(plain, tls)) {
            if (tls != null) {
                read(socket);
            }
            answer.write(socket.getOutputStream(), this);
        } catch (IOException | UncheckedIOException e) {
            // The client has seen enough.
        }
    }

    private static SSLSocket tls(Socket plain, SSLContext tls) throws IOException {
        SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, null, true);
        socket.setUseClientMode(false);
        return socket;
    }

    private void read(Socket socket) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        StringBuilder head = new StringBuilder();
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            head.append(line).append('\n');
        }
        requests.add(head.toString());
    }

    int port() {
        return listening.getLocalPort();
    }

    List<String> requests() {
        return requests;
    }

    long accepted() {
        return accepted.get();
    }

    /** Bytes that it could get rid of. */
    long sent() {
        return sent.get();
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        listening.close();
        threads.shutdownNow();
    }
}
