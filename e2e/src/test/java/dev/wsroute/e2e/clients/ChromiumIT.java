package dev.wsroute.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The browser's own WebSocket: a page comes through the proxy, talks, and posts what it saw. */
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

    @TempDir
    private Path folder;

    @Test
    void aPageTalksThroughTheProxyItCameThrough() throws Exception {
        String chromium = InstalledPrograms.onPath("chromium", "chromium-browser", "google-chrome")
                .toString();
        Path profile = Files.createDirectory(folder.resolve("profile"));

        try (TestBackend backend = new TestBackend();
                StandaloneProxy proxy = StandaloneProxy.to(backend.port(), folder)) {
            backend.page("/page", PAGE);

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
                    proxy.http("/page").toString())) {
                String posted = backend.result()
                        .orTimeout(60, TimeUnit.SECONDS)
                        .exceptionally(late -> "{\"printed\": \"" + String.join(" | ", browser.lines()) + "\"}")
                        .get();

                JsonNode seen = new ObjectMapper().readTree(posted.getBytes(StandardCharsets.UTF_8));
                assertThat(seen.path("subprotocol").asText()).as(posted).isEqualTo("chat.v1");
                assertThat(seen.path("extensions").asText()).contains("permessage-deflate");
                assertThat(seen.path("text").asText()).isEqualTo("from the browser");
                assertThat(seen.path("bytes").asInt()).isEqualTo(100_000);
                assertThat(seen.path("code").asInt()).isEqualTo(4002);
                assertThat(seen.path("reason").asText()).isEqualTo("bye");
                assertThat(seen.path("clean").asBoolean()).isTrue();
            }
        }
    }
}
