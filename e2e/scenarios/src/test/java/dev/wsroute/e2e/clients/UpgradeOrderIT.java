// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.clients;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order of messages during the upgrade, observed on plain sockets. */
class UpgradeOrderIT {

    private static final String REQUEST = """
            GET /ws HTTP/1.1\r
            Host: 127.0.0.1\r
            Connection: Upgrade\r
            Upgrade: websocket\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            \r
            """;
    private static final String EARLY = "\u0081\u0085\0\0\0\0early";
    private static final int TIMEOUT_MILLIS = 10_000;

    @TempDir
    private Path folder;

    @Test
    @DisplayName("I3: no client byte reaches a backend before its 101, and then all do")
    void clientBytesWaitForThe101() throws Exception {
        try (ServerSocket backend = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                StandaloneProxy proxy = StandaloneProxy.to(backend.getLocalPort(), folder);
                Socket client = connect(proxy)) {
            client.getOutputStream().write((REQUEST + EARLY).getBytes(ISO_8859_1));
            try (Socket upstream = backend.accept()) {
                upstream.setSoTimeout(TIMEOUT_MILLIS);
                String head = head(upstream.getInputStream());
                assertThat(head).contains("GET /ws HTTP/1.1");

                upstream.setSoTimeout(500);
                assertThat(readsNothing(upstream)).isTrue();

                upstream.setSoTimeout(TIMEOUT_MILLIS);
                upstream.getOutputStream().write(switching(head).getBytes(ISO_8859_1));
                assertThat(head(client.getInputStream())).startsWith("HTTP/1.1 101");
                assertThat(new String(upstream.getInputStream().readNBytes(EARLY.length()), ISO_8859_1))
                        .endsWith("early");
            }
        }
    }

    @Test
    @DisplayName("I3: what was sent behind an upgrade that the backend refuses is no request of its own")
    void aRefusedUpgradeIsNotFollowedByAnotherRequest() throws Exception {
        try (ServerSocket backend = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                StandaloneProxy proxy = StandaloneProxy.to(backend.getLocalPort(), folder);
                Socket client = connect(proxy)) {
            client.getOutputStream()
                    .write((REQUEST + "GET /smuggled HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").getBytes(ISO_8859_1));
            try (Socket upstream = backend.accept()) {
                upstream.setSoTimeout(TIMEOUT_MILLIS);
                head(upstream.getInputStream());
                upstream.getOutputStream()
                        .write("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno".getBytes(ISO_8859_1));

                String answer = new String(client.getInputStream().readAllBytes(), ISO_8859_1);
                assertThat(answer).startsWith("HTTP/1.1 403").endsWith("no");
            }
            backend.setSoTimeout(500);
            assertThat(acceptsNothing(backend)).isTrue();
        }
    }

    @Test
    @DisplayName("I3: an answer that is no valid 101 becomes 502")
    void aBroken101Becomes502() throws Exception {
        try (ServerSocket backend = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                StandaloneProxy proxy = StandaloneProxy.to(backend.getLocalPort(), folder);
                Socket client = connect(proxy)) {
            client.getOutputStream().write((REQUEST + EARLY).getBytes(ISO_8859_1));
            try (Socket upstream = backend.accept()) {
                upstream.setSoTimeout(TIMEOUT_MILLIS);
                String head = head(upstream.getInputStream());
                upstream.getOutputStream()
                        .write(switching(head)
                                .replaceFirst("Sec-WebSocket-Accept: .", "Sec-WebSocket-Accept: #")
                                .getBytes(ISO_8859_1));

                assertThat(head(client.getInputStream())).startsWith("HTTP/1.1 502");
                assertThat(readsNothing(upstream)).isTrue();
            }
        }
    }

    private static Socket connect(StandaloneProxy proxy) throws Exception {
        Socket socket = new Socket(proxy.ws("/").getHost(), proxy.ws("/").getPort());
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    /** Reads up to the empty line. */
    private static String head(InputStream in) throws Exception {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /** The valid response to the key that the proxy sent. */
    private static String switching(String head) throws Exception {
        String key = head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElseThrow();
        byte[] digest = MessageDigest.getInstance("SHA-1")
                .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(ISO_8859_1));
        return "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(digest) + "\r\n\r\n";
    }

    private static boolean readsNothing(Socket socket) throws Exception {
        try {
            return socket.getInputStream().read() == -1;
        } catch (SocketTimeoutException nothing) {
            return true;
        }
    }

    private static boolean acceptsNothing(ServerSocket socket) throws Exception {
        try (Socket unexpected = socket.accept()) {
            return unexpected == null;
        } catch (SocketTimeoutException nothing) {
            return true;
        }
    }
}
