// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.echo;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EchoServerTest {

    private final EchoServer server = new EchoServer("127.0.0.1", 0, "echo-1");
    private final HttpClient client = HttpClient.newHttpClient();
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

    @AfterEach
    void stopServer() {
        server.close();
    }

    private URI uri(String scheme, String path) {
        return URI.create(scheme + "://127.0.0.1:" + server.port() + path);
    }

    private WebSocket connect(String path) throws Exception {
        return client.newWebSocketBuilder()
                .buildAsync(uri("ws", path), new WebSocket.Listener() {
                    @Override
                    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                        received.add(data + (last ? "" : "..."));
                        socket.request(1);
                        return null;
                    }

                    @Override
                    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
                        received.add("binary " + data.remaining());
                        socket.request(1);
                        return null;
                    }

                    @Override
                    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                        received.add("close " + code);
                        return CompletableFuture.completedFuture(null);
                    }
                })
                .get(10, TimeUnit.SECONDS);
    }

    private @Nullable String next() throws InterruptedException {
        return received.poll(10, TimeUnit.SECONDS);
    }

    @Test
    void textBinaryAndFragmentsComeBackAsTheyWere() throws Exception {
        WebSocket socket = connect("/any/path");

        socket.sendText("one ", false).get(10, TimeUnit.SECONDS);
        socket.sendText("two", true).get(10, TimeUnit.SECONDS);
        socket.sendBinary(ByteBuffer.allocate(7), true).get(10, TimeUnit.SECONDS);

        assertThat(next()).isEqualTo("one ...");
        assertThat(next()).isEqualTo("two");
        assertThat(next()).isEqualTo("binary 7");
    }

    @Test
    void theFirstMessageNamesThePodWhereTheClientAsksForIt() throws Exception {
        connect("/?hello");

        assertThat(next()).isEqualTo("echo-1");
    }

    @Test
    void aCloseIsAnsweredWithTheSameCode() throws Exception {
        WebSocket socket = connect("/");

        socket.sendClose(4001, "bye").get(10, TimeUnit.SECONDS);

        assertThat(next()).isEqualTo("close 4001");
    }

    @Test
    void clientsGetCloseWhenTheServerStops() throws Exception {
        connect("/");

        server.close();

        assertThat(next()).isEqualTo("close 1001");
    }

    @Test
    void plainRequestsAreAnsweredWithTheNameOfThePod() throws Exception {
        assertThat(client.send(HttpRequest.newBuilder(uri("http", "/")).build(), BodyHandlers.ofString())
                        .body())
                .isEqualTo("echo-1\n");
        assertThat(client.send(HttpRequest.newBuilder(uri("http", "/healthz")).build(), BodyHandlers.ofString())
                        .body())
                .isEqualTo("ok\n");
    }
}
