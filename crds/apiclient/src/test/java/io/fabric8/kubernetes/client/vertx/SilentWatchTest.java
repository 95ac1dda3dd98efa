// SPDX-License-Identifier: Apache-2.0
package io.fabric8.kubernetes.client.vertx;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.WebSocket;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A watch whose connection vanished without an end, as behind a failed load balancer, ends, so that another can begin. */
class SilentWatchTest {

    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    @Test
    void aSilentWatchIsEnded() throws Exception {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                HttpClient client = new WatchSafeHttpClientFactory(Duration.ofSeconds(1))
                        .newBuilder()
                        .build()) {
            CompletableFuture<WebSocket> opened = client.newWebSocketBuilder()
                    .uri(URI.create("ws://127.0.0.1:" + server.getLocalPort() + "/api/v1/pods?watch=true"))
                    .buildAsync(new WebSocket.Listener() {
                        @Override
                        public void onClose(WebSocket webSocket, int code, String reason) {
                            ended.complete(null);
                        }

                        @Override
                        public void onError(WebSocket webSocket, Throwable error) {
                            ended.complete(null);
                        }
                    });
            try (Socket silent = server.accept()) {
                upgrade(silent);
                opened.get(1, TimeUnit.MINUTES);

                assertThat(ended).succeedsWithin(1, TimeUnit.MINUTES);
            }
        }
    }

    private static void upgrade(Socket socket) throws Exception {
        String answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + accept(socket) + "\r\n\r\n";
        socket.getOutputStream().write(answer.getBytes(ISO_8859_1));
    }

    private static String accept(Socket socket) throws Exception {
        BufferedReader request = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
        String key = "";
        for (String line = request.readLine(); !line.isEmpty(); line = request.readLine()) {
            if (line.regionMatches(true, 0, "sec-websocket-key:", 0, 18)) {
                key = line.substring(18).strip();
            }
        }
        byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + MAGIC).getBytes(ISO_8859_1));
        return Base64.getEncoder().encodeToString(digest);
    }
}
