// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wsroute.proxy.pem.Pem;
import dev.wsroute.proxy.testkit.Certificates;
import dev.wsroute.proxy.testkit.ScriptedApi;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class HttpCallsTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void aServerWhoseAuthorityIsTrustedAndWhoseNameIsRightIsAsked() throws Exception {
        Certificates certificates = Certificates.of("ip:127.0.0.1", "EC");
        try (ScriptedApi api = new ScriptedApi(certificates.server(null))) {
            api.answer("GET /version", 200, "ok");

            assertThat(text(calls(api, trusting(certificates)).get("/version"))).isEqualTo("ok");
        }
    }

    @Test
    void aCertificateForAnotherNameIsRefused() throws Exception {
        Certificates certificates = Certificates.of("dns:other.example", "EC");
        try (ScriptedApi api = new ScriptedApi(certificates.server(null))) {
            api.answer("GET /version", 200, "ok");

            assertThatThrownBy(() -> calls(api, trusting(certificates)).get("/version"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("127.0.0.1");
        }
    }

    @Test
    void aCertificateOfAnotherAuthorityIsRefused() throws Exception {
        Certificates served = Certificates.of("ip:127.0.0.1", "EC");
        Certificates trusted = Certificates.of("ip:127.0.0.1", "EC");
        try (ScriptedApi api = new ScriptedApi(served.server(null))) {
            api.answer("GET /version", 200, "ok");

            assertThatThrownBy(() -> calls(api, trusting(trusted)).get("/version"))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("TLS failed: ");
        }
    }

    @Test
    void anAuthorityThatWasReplacedIsReadAgain() throws Exception {
        Certificates old = Certificates.of("ip:127.0.0.1", "EC");
        Certificates served = Certificates.of("ip:127.0.0.1", "EC");
        Path file = folder.resolve("ca.crt");
        Files.writeString(file, old.certificatePem());
        try (ScriptedApi api = new ScriptedApi(served.server(null))) {
            api.answer("GET /version", 200, "ok");
            HttpCalls calls = new HttpCalls(
                    () -> {
                        List<Certificate> authorities = Pem.certificates("file", Files.readAllBytes(file));
                        return server(api, new Tls(authorities, null).context(), ApiServer.BearerToken.NONE);
                    },
                    api.loops(),
                    NioSocketChannel.class,
                    LONG);

            assertThatThrownBy(() -> calls.get("/version")).isInstanceOf(IOException.class);
            Files.writeString(file, served.certificatePem());

            assertThat(text(calls.get("/version"))).isEqualTo("ok");
        }
    }

    @Test
    void theTokenOfEachRequestIsTheOneInTheFileThen() throws Exception {
        Path file = folder.resolve("token");
        Files.writeString(file, "first\n");
        try (ScriptedApi api = new ScriptedApi()) {
            api.answer("GET /version", 200, "ok");
            api.answer("GET /version", 200, "ok");
            HttpCalls calls = calls(server(api, null, new TokenFile(file)), api, LONG);

            calls.get("/version");
            Files.writeString(file, "second");
            calls.get("/version");

            assertThat(api.request().authorization()).isEqualTo("Bearer first");
            assertThat(api.request().authorization()).isEqualTo("Bearer second");
        }
    }

    @Test
    void aRefusalIsASentenceWithTheStatus() throws Exception {
        try (ScriptedApi api = new ScriptedApi()) {
            api.answer("GET /version", 403, "{\"kind\":\"Status\",\"message\":\"it is forbidden\"}");
            HttpCalls calls = calls(api, null);

            assertThatThrownBy(() -> calls.get("/version"))
                    .isInstanceOfSatisfying(
                            ApiException.class, e -> assertThat(e.status()).isEqualTo(403))
                    .hasMessage("the server answered 403: it is forbidden");
            assertThatThrownBy(() -> calls.lines("/version", new Recorder(), Runnable::run))
                    .hasMessage("the server answered 404");
        }
    }

    @Test
    void anAnswerThatIsTooLongIsRefused() throws Exception {
        try (ScriptedApi api = new ScriptedApi()) {
            api.on("GET /list", exchange -> {
                exchange.sendResponseHeaders(200, 0);
                byte[] some = new byte[1024 * 1024];
                for (int i = 0; i <= WholeAnswer.MAX_BYTES / some.length; i++) {
                    exchange.getResponseBody().write(some);
                }
            });

            assertThatThrownBy(() -> calls(api, null).get("/list"))
                    .hasMessage("the response is longer than 33554432 bytes");
        }
    }

    @Test
    void aLineThatIsTooLongEndsTheLines() throws Exception {
        try (ScriptedApi api = new ScriptedApi()) {
            api.on("GET /watch", exchange -> {
                exchange.sendResponseHeaders(200, 0);
                byte[] some = new byte[1024 * 1024];
                for (int i = 0; i <= WholeAnswer.MAX_BYTES / some.length; i++) {
                    exchange.getResponseBody().write(some);
                }
            });
            Recorder recorded = new Recorder();
            ExecutorService worker = Executors.newSingleThreadExecutor();
            try {
                calls(api, null).lines("/watch", recorded, worker);

                assertThat(recorded.next()).isEqualTo("ended: a line of the response is longer than 33554432 bytes");
            } finally {
                worker.shutdownNow();
            }
        }
    }

    @Test
    void aSilentServerTimesOut() throws Exception {
        try (ScriptedApi api = new ScriptedApi()) {
            api.silence("/list");
            api.silence("/watch");
            HttpCalls calls = calls(server(api, null, ApiServer.BearerToken.NONE), api, Duration.ofSeconds(1));

            assertThatThrownBy(() -> calls.get("/list")).hasMessage("the server did not respond within 1 s");
            assertThatThrownBy(() -> calls.lines("/watch", new Recorder(), Runnable::run))
                    .hasMessage("the server did not respond within 1 s");
        }
    }

    @Test
    void aTruncatedResponseIsAnError() throws Exception {
        try (ScriptedApi api = new ScriptedApi();
                ServerSocket raw = new ServerSocket(0)) {
            ApiServer server =
                    new ApiServer("127.0.0.1", raw.getLocalPort(), "", null, "127.0.0.1", ApiServer.BearerToken.NONE);
            Thread answering = new Thread(() -> answer(raw, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"));
            answering.start();

            assertThatThrownBy(() -> calls(server, api, LONG).get("/list"))
                    .hasMessage("the server closed the connection before the end of the response");
            answering.join();
        }
    }

    @Test
    void linesComeInOrderAndAConnectionThatIsLostEndsThem() throws Exception {
        try (ScriptedApi api = new ScriptedApi();
                ServerSocket raw = new ServerSocket(0)) {
            ApiServer server =
                    new ApiServer("127.0.0.1", raw.getLocalPort(), "", null, "127.0.0.1", ApiServer.BearerToken.NONE);
            Thread answering = new Thread(() ->
                    answer(raw, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\none\ntwo\n\r\n4\r\nthr"));
            answering.start();
            Recorder recorded = new Recorder();
            ExecutorService worker = Executors.newFixedThreadPool(3);
            try {
                calls(server, api, LONG).lines("/watch", recorded, worker);

                assertThat(recorded.next()).isEqualTo("one");
                assertThat(recorded.next()).isEqualTo("two");
                assertThat(recorded.next()).startsWith("ended: ");
            } finally {
                worker.shutdownNow();
            }
            answering.join();
        }
    }

    private HttpCalls calls(ScriptedApi api, @Nullable SSLContext tls) {
        return calls(server(api, tls, ApiServer.BearerToken.NONE), api, LONG);
    }

    private static HttpCalls calls(ApiServer server, ScriptedApi api, Duration patience) {
        return new HttpCalls(() -> server, api.loops(), NioSocketChannel.class, patience);
    }

    private static ApiServer server(ScriptedApi api, @Nullable SSLContext tls, ApiServer.BearerToken token) {
        return new ApiServer("127.0.0.1", api.port(), "", tls, "127.0.0.1", token);
    }

    private static SSLContext trusting(Certificates certificates) throws Exception {
        byte[] pem = certificates.certificatePem().getBytes(StandardCharsets.US_ASCII);
        return new Tls(Pem.certificates("file", pem), null).context();
    }

    /** Reads a request, counts it and closes. */
    private static void answer(ServerSocket server, String text) {
        try (Socket socket = server.accept()) {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) socket.getInputStream().read());
            }
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static final class Recorder implements LineAnswer.LineListener {

        private final BlockingQueue<String> recorded = new LinkedBlockingQueue<>();

        @Override
        public void line(byte[] line) {
            recorded.add(text(line));
        }

        @Override
        public void ended(@Nullable Throwable reason) {
            recorded.add("ended: " + (reason == null ? "in order" : reason.getMessage()));
        }

        String next() throws InterruptedException {
            String next = recorded.poll(60, TimeUnit.SECONDS);
            assertThat(next).as("something recorded in time").isNotNull();
            return next;
        }
    }
}
