// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The WebSocket client of the JDK. */
class JavaHttpClientIT {

    @TempDir
    private Path folder;

    @Test
    void javaSendsFragmentsLargeMessagesAndPingsAndSeesTheBackendsCloseCode() throws Exception {
        Listener listener = new Listener();

        try (TestBackend backend = new TestBackend();
                StandaloneProxy proxy = StandaloneProxy.to(backend.port(), folder)) {
            WebSocket socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .subprotocols("chat.v1")
                    .buildAsync(proxy.ws("/ws"), listener)
                    .get(10, TimeUnit.SECONDS);

            assertThat(socket.getSubprotocol()).isEqualTo("chat.v1");

            socket.sendText("one ", false).get(5, TimeUnit.SECONDS);
            socket.sendText("message", true).get(5, TimeUnit.SECONDS);
            assertThat(listener.next()).isEqualTo("text one message");

            socket.sendPing(ByteBuffer.wrap("are you there".getBytes(UTF_8))).get(5, TimeUnit.SECONDS);
            assertThat(listener.next()).isEqualTo("pong are you there");

            socket.sendBinary(ByteBuffer.allocate(1_000_000), true).get(5, TimeUnit.SECONDS);
            assertThat(listener.next()).isEqualTo("binary of 1000000 bytes");

            socket.sendText("close 4003 done here", true).get(5, TimeUnit.SECONDS);
            assertThat(listener.next()).isEqualTo("closed 4003 done here");
        }
    }

    @Test
    void aBackendSeesTheCloseThatTheClientStarted() throws Exception {
        Listener listener = new Listener();

        try (TestBackend backend = new TestBackend();
                StandaloneProxy proxy = StandaloneProxy.to(backend.port(), folder)) {
            WebSocket socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(proxy.ws("/ws"), listener)
                    .get(10, TimeUnit.SECONDS);

            socket.sendClose(WebSocket.NORMAL_CLOSURE, "bye").get(5, TimeUnit.SECONDS);

            assertThat(listener.next()).isEqualTo("closed 1000 bye");
        }
    }

    /** Records every event as a line of text. */
    private static final class Listener implements WebSocket.Listener {

        private final BlockingQueue<String> events = new LinkedBlockingQueue<>(100);
        private final StringBuilder text = new StringBuilder();
        private int bytes;

        String next() throws InterruptedException {
            return events.poll(10, TimeUnit.SECONDS);
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                events.add("text " + text);
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            bytes += data.remaining();
            if (last) {
                events.add("binary of " + bytes + " bytes");
                bytes = 0;
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
            events.add("pong " + UTF_8.decode(message));
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            events.add("closed " + code + " " + reason);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            events.add("failed " + error);
        }
    }
}
