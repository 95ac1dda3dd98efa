// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The WebSocket client of the JDK. */
class JavaHttpClientIT extends BothSchemesFixture {

    @ParameterizedTest
    @EnumSource
    void javaSendsFragmentsLargeMessagesAndPingsAndSeesTheBackendsCloseCode(Scheme scheme) throws Exception {
        Listener listener = new Listener();
        WebSocket socket = open(scheme, "/ws/closing-backend/" + scheme, listener);

        assertThat(socket.getSubprotocol()).isEqualTo("chat.v1");

        done(socket.sendText("one ", false));
        done(socket.sendText("message", true));
        assertThat(listener.next()).isEqualTo(text("one message"));

        for (int size : new int[] {1, 64 << 10, 1 << 20}) {
            String text = "t".repeat(size);
            done(socket.sendText(text, true));
            assertThat(listener.next()).isEqualTo(text(text));

            byte[] bytes = new byte[size];
            new Random(size).nextBytes(bytes);
            done(socket.sendBinary(ByteBuffer.wrap(bytes), true));
            assertThat(listener.next()).isEqualTo(event("binary", bytes));
        }

        done(socket.sendPing(ByteBuffer.wrap("are you there".getBytes(UTF_8))));
        assertThat(listener.next()).isEqualTo("pong are you there");

        done(socket.sendText("close 4003 done here", true));
        assertThat(listener.next()).isEqualTo("closed 4003 done here");
        assertThat(done(backend.closeFrame("/ws/closing-backend/" + scheme))).startsWith("4003");
    }

    @ParameterizedTest
    @EnumSource
    void aBackendSeesTheCloseThatTheClientStarted(Scheme scheme) throws Exception {
        Listener listener = new Listener();
        WebSocket socket = open(scheme, "/ws/closing-client/" + scheme, listener);

        done(socket.sendClose(WebSocket.NORMAL_CLOSURE, "bye"));

        assertThat(listener.next()).isEqualTo("closed 1000 bye");
        assertThat(done(backend.closeFrame("/ws/closing-client/" + scheme))).isEqualTo("1000 bye");
    }

    @Test
    void javaRefusesTheCertificateOfACaThatItDoesNotKnow() {
        CompletableFuture<WebSocket> socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(proxy.ws(Scheme.WSS, "/ws"), new Listener());

        assertThat(socket)
                .failsWithin(1, TimeUnit.MINUTES)
                .withThrowableThat()
                .havingRootCause()
                .withMessageContaining("unable to find valid certification path");
    }

    private WebSocket open(Scheme scheme, String path, Listener listener) throws Exception {
        return done(HttpClient.newBuilder()
                .sslContext(authority.client())
                .build()
                .newWebSocketBuilder()
                .subprotocols("chat.v1")
                .buildAsync(proxy.ws(scheme, path), listener));
    }

    private static <T> T done(CompletableFuture<T> future) throws Exception {
        return future.get(1, TimeUnit.MINUTES);
    }

    private static String text(String text) {
        return event("text", text.getBytes(UTF_8));
    }

    private static String event(String type, byte[] content) {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        return "%s of %d bytes, CRC %08x".formatted(type, content.length, checksum.getValue());
    }

    /** Records every event as a line of text. */
    private static final class Listener implements WebSocket.Listener {

        private final BlockingQueue<String> events = new LinkedBlockingQueue<>(100);
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();

        @Nullable String next() throws InterruptedException {
            return events.poll(1, TimeUnit.MINUTES);
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            return received("text", data.toString().getBytes(UTF_8), last, socket);
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            return received("binary", bytes, last, socket);
        }

        private @Nullable CompletionStage<?> received(String type, byte[] part, boolean last, WebSocket socket) {
            received.writeBytes(part);
            if (last) {
                events.add(event(type, received.toByteArray()));
                received.reset();
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
            events.add("pong " + UTF_8.decode(message));
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            events.add("closed " + code + " " + reason);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            events.add("failed " + error);
        }
    }
}
