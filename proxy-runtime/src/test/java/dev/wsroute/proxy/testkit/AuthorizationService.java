// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import dev.wsroute.config.BackendConfig;
import dev.wsroute.config.BackendConfig.StaticEndpoint;
import dev.wsroute.config.ExternalAuthorization;
import dev.wsroute.config.ExternalAuthorization.Lifetime;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A stand-in for an authorization service: answers each subrequest as the test says, on as many connections as there are. */
public final class AuthorizationService implements AutoCloseable {

    /** Answers one subrequest. */
    @FunctionalInterface
    public interface Script {

        /**
         * Answers.
         *
         * @throws IOException resets the connection
         * @return whether the connection stays open
         */
        boolean answer(Asked asked, OutputStream out) throws IOException;
    }

    /**
     * A subrequest.
     *
     * @param connection its number, from 0
     */
    public record Asked(int connection, String requestLine, List<String> headers) {

        /** The values of a header. */
        public List<String> all(String name) {
            return headers.stream()
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).trim())
                    .toList();
        }

        /** The only value of a header; empty for none. */
        public String header(String name) {
            List<String> values = all(name);
            if (values.size() > 1) {
                throw new AssertionError(name + " occurs " + values.size() + " times");
            }
            return values.isEmpty() ? "" : values.get(0);
        }
    }

    private final ServerSocket server;
    private volatile Script script;
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile @Nullable SSLContext tls;

    private AuthorizationService(ServerSocket server, Script script) {
        this.server = server;
        this.script = script;
    }

    /** Starts on a free port. */
    public static AuthorizationService start(Script script) throws IOException {
        ServerSocket server = new ServerSocket();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        AuthorizationService service = new AuthorizationService(server, script);
        daemon(service::accept).start();
        return service;
    }

    /** Always answers with this. */
    public static AuthorizationService answering(String response) throws IOException {
        return start(saying(response));
    }

    /** A script that always answers with this, and keeps the connection. */
    public static Script saying(String response) {
        return (asked, out) -> {
            out.write(response.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            return true;
        };
    }

    /** A script that does so once the latch is open. */
    public static Script holding(CountDownLatch held, String response) {
        return (asked, out) -> {
            try {
                held.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return saying(response).answer(asked, out);
        };
    }

    /** A response without body. */
    public static String response(String status, String... headers) {
        StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append("\r\nContent-Length: 0\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    /** Answers differently from now on. */
    public void behave(Script other) {
        script = other;
    }

    /** Uses TLS from now on. */
    public AuthorizationService secure(SSLContext context) {
        tls = context;
        return this;
    }

    /** How a rule names it that asks it about everything. */
    public ExternalAuthorization config() {
        InetSocketAddress at = address();
        return new ExternalAuthorization(
                new BackendConfig(
                        StubEndpoints.BACKEND,
                        1,
                        null,
                        List.of(new StaticEndpoint(at.getAddress().getHostAddress(), at.getPort()))),
                "/verify",
                Duration.ofMinutes(1),
                false,
                null,
                List.of(),
                Duration.ZERO,
                null,
                null,
                Lifetime.Ignore);
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** All subrequests so far. */
    public List<Asked> asked() {
        return asked;
    }

    /** Number of connections so far. */
    public int connections() {
        return connections.get();
    }

    /** Number of connections that are open at this end. */
    public int openConnections() {
        return open.size();
    }

    /** Closes all connections, as a service does with idle ones. */
    public void closeConnections() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        while (true) {
            try {
                Socket socket = server.accept();
                int number = connections.getAndIncrement();
                open.add(socket);
                daemon(() -> serve(socket, number)).start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private Socket secured(Socket plain) throws IOException {
        SSLContext context = tls;
        if (context == null) {
            return plain;
        }
        SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(plain, null, true);
        secured.setUseClientMode(false);
        return secured;
    }

    private void serve(Socket accepted, int number) {
        try (Socket socket = secured(accepted)) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            boolean more = true;
            while (more) {
                List<String> head = head(in);
                if (head.isEmpty()) {
                    return;
                }
                Asked one = new Asked(number, head.get(0), List.copyOf(head.subList(1, head.size())));
                asked.add(one);
                try {
                    more = script.answer(one, socket.getOutputStream());
                } catch (IOException e) {
                    socket.setSoLinger(true, 0);
                    return;
                }
            }
        } catch (IOException e) {
            // The proxy has closed the connection, or the test has ended.
        } finally {
            open.remove(accepted);
        }
    }

    private static List<String> head(InputStream in) throws IOException {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        int b = in.read();
        while (b >= 0) {
            if (b == '\n') {
                if (line.isEmpty()) {
                    return lines;
                }
                lines.add(line.toString());
                line.setLength(0);
            } else if (b != '\r') {
                line.append((char) b);
            }
            b = in.read();
        }
        return List.of();
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "authorization-service");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() throws IOException {
        server.close();
        closeConnections();
    }
}
