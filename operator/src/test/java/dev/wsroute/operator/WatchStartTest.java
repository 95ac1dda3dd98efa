// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.http.WebSocket;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What an API server sends right behind the 101 of a watch arrives whole and in order (ADR 43). */
class WatchStartTest {

    private static final int WATCHES = 300;
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final Random random = new Random(1);

    @Test
    void eventsBehindThe101ArriveWholeAndInOrder() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                KubernetesClient client = ApiClient.of(
                        new ConfigBuilder(Config.empty())
                                .withMasterUrl("http://127.0.0.1:" + server.getLocalPort())
                                .build(),
                        new Interceptor() {})) {
            URI uri = URI.create("ws://127.0.0.1:" + server.getLocalPort() + "/api/v1/pods?watch=true");
            for (int i = 0; i < WATCHES; i++) {
                List<String> events = events();
                CompletableFuture<Void> served = CompletableFuture.runAsync(() -> serve(server, events));

                Received received = new Received(events.size());
                CompletableFuture<WebSocket> watch =
                        client.getHttpClient().newWebSocketBuilder().uri(uri).buildAsync(received);

                assertThat(received.all.get(1, TimeUnit.MINUTES))
                        .as("watch %d", i)
                        .isEqualTo(events);
                watch.get(1, TimeUnit.MINUTES).sendClose(1000, "");
                served.get(1, TimeUnit.MINUTES);
            }
        }
    }

    private List<String> events() {
        List<String> events = new ArrayList<>();
        int count = 1 + random.nextInt(40);
        for (int i = 0; i < count; i++) {
            events.add(i + "x".repeat(random.nextInt(random.nextInt(3) == 0 ? 20_000 : 3_000)) + "é…" + i);
        }
        return events;
    }

    private void serve(ServerSocket server, List<String> events) {
        try (Socket socket = server.accept()) {
            socket.setTcpNoDelay(true);
            BufferedReader request = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            answer.writeBytes(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: " + accept(request) + "\r\n\r\n")
                    .getBytes(ISO_8859_1));
            events.forEach(event -> writeFrame(answer, event.getBytes(UTF_8)));
            byte[] bytes = answer.toByteArray();
            OutputStream output = socket.getOutputStream();
            for (int at = 0, length; at < bytes.length; at += length) {
                length = Math.min(bytes.length - at, 1 + random.nextInt(30_000));
                output.write(bytes, at, length);
            }
            assertThat(request.read()).as("the client closes").isPositive();
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String accept(BufferedReader request) throws IOException, NoSuchAlgorithmException {
        String key = "";
        for (String line = request.readLine(); line != null && !line.isEmpty(); line = request.readLine()) {
            if (line.regionMatches(true, 0, "sec-websocket-key:", 0, 18)) {
                key = line.substring(18).strip();
            }
        }
        return Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-1").digest((key + MAGIC).getBytes(ISO_8859_1)));
    }

    private static void writeFrame(ByteArrayOutputStream frames, byte[] payload) {
        frames.write(0x81);
        if (payload.length < 126) {
            frames.write(payload.length);
        } else {
            frames.write(126);
            frames.write(payload.length >> 8);
            frames.write(payload.length);
        }
        frames.writeBytes(payload);
    }

    private static final class Received implements WebSocket.Listener {

        private final List<String> texts = new ArrayList<>();
        private final int expected;
        final CompletableFuture<List<String>> all = new CompletableFuture<>();

        Received(int expected) {
            this.expected = expected;
        }

        @Override
        public void onMessage(WebSocket webSocket, String text) {
            texts.add(text);
            if (texts.size() == expected) {
                all.complete(texts);
            }
            webSocket.request();
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            all.completeExceptionally(error);
        }
    }
}
