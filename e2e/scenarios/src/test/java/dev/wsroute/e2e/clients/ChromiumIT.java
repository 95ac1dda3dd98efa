// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wsroute.config.HeaderModifier;
import dev.wsroute.config.NameValue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The browser's WebSocket: a page loaded through the proxy opens a WebSocket, and posts the result. */
class ChromiumIT {

    private static final String PAGE = """
            <!doctype html>
            <script>
            const seen = {};
            const socket = new WebSocket('ws://' + location.host + '/ws', ['chat.v1']);
            socket.binaryType = 'arraybuffer';
            socket.onopen = () => {
              seen.subprotocol = socket.protocol;
              seen.extensions = socket.extensions;
              socket.send('from the browser');
            };
            socket.onmessage = (event) => {
              if (typeof event.data === 'string') {
                seen.text = event.data;
                socket.send(new Uint8Array(100000));
              } else {
                seen.bytes = event.data.byteLength;
                socket.send('close 4002 bye');
              }
            };
            socket.onclose = (event) => {
              seen.code = event.code;
              seen.reason = event.reason;
              seen.clean = event.wasClean;
              fetch('/result', {method: 'POST', body: JSON.stringify(seen)});
            };
            </script>
            """;

    private static final String FETCHING_PAGE = """
            <!doctype html>
            <script>
            const tell = (seen) => fetch('/result', {method: 'POST', body: JSON.stringify(seen)});
            fetch('%s')
              .then(async (response) => tell({status: response.status, text: await response.text()}))
              .catch((error) => tell({error: String(error)}));
            </script>
            """;

    @TempDir
    private Path folder;

    @Test
    void aPageConnectsThroughTheProxyThatServedIt() throws Exception {
        try (TestBackend backend = new TestBackend();
                StandaloneProxy proxy = StandaloneProxy.to(backend.port(), folder)) {
            backend.page("/page", PAGE);

            JsonNode seen = seenBy(proxy.http("/page"), backend);

            assertThat(seen.path("subprotocol").asText()).as(seen.toString()).isEqualTo("chat.v1");
            assertThat(seen.path("extensions").asText()).contains("permessage-deflate");
            assertThat(seen.path("text").asText()).isEqualTo("from the browser");
            assertThat(seen.path("bytes").asInt()).isEqualTo(100_000);
            assertThat(seen.path("code").asInt()).isEqualTo(4002);
            assertThat(seen.path("reason").asText()).isEqualTo("bye");
            assertThat(seen.path("clean").asBoolean()).isTrue();
        }
    }

    @Test
    void aPageOfAnotherOriginSeesTheStatusOfAnErrorOfTheProxys() throws Exception {
        try (TestBackend pages = new TestBackend()) {
            URI page = URI.create("http://127.0.0.1:" + pages.port() + "/page");
            HeaderModifier cors = new HeaderModifier(
                    List.of(new NameValue("Access-Control-Allow-Origin", "http://" + page.getAuthority())),
                    List.of(),
                    List.of());
            try (StandaloneProxy proxy =
                    StandaloneProxy.to(List.of(closedPort()), rule -> rule.responseHeaderModifier(cors), folder)) {
                pages.page("/page", FETCHING_PAGE.formatted(proxy.http("/")));

                JsonNode seen = seenBy(page, pages);

                assertThat(seen.path("status").asInt()).as(seen.toString()).isEqualTo(502);
                assertThat(seen.path("text").asText()).isEqualTo("The backend is unreachable.\n");
            }
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return closed.getLocalPort();
        }
    }

    /** The result that the page at this address posts. */
    private JsonNode seenBy(URI page, TestBackend backend) throws Exception {
        String chromium = InstalledPrograms.onPath("chromium", "chromium-browser", "google-chrome")
                .toString();
        Path profile = Files.createDirectory(folder.resolve("profile"));
        try (StartedProgram browser = StartedProgram.start(
                chromium,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--no-proxy-server",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                page.toString())) {
            String posted = backend.result()
                    .orTimeout(60, TimeUnit.SECONDS)
                    .exceptionally(late -> "{\"printed\": \"" + String.join(" | ", browser.lines()) + "\"}")
                    .get();
            return new ObjectMapper().readTree(posted.getBytes(StandardCharsets.UTF_8));
        }
    }
}
