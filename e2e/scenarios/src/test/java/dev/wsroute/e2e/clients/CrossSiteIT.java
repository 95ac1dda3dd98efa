// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wsroute.config.AccessConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cross-site WebSocket hijacking, tried with a browser: pages of three origins use one proxy, which allows two of them. */
class CrossSiteIT {

    /** Opens a WebSocket and sends a request with a preflight, both to the proxy, and tells its own server what it got. */
    private static final String PAGE = """
            <!doctype html>
            <script>
            const seen = {};
            const talk = new Promise((resolve) => {
              const socket = new WebSocket('%s');
              socket.onopen = () => socket.send('secret');
              socket.onmessage = (event) => { seen.webSocket = event.data; resolve(); };
              socket.onclose = (event) => { seen.webSocket = String(event.code); resolve(); };
            });
            talk
              .then(() => fetch('%s', {
                method: 'POST', credentials: 'include', headers: {'X-Token': 'a', 'Content-Type': 'application/json'}, body: '{}'
              }))
              .then(async (response) => { seen.fetched = response.status + ' ' + await response.text(); })
              .catch((error) => { seen.fetched = String(error); })
              .then(() => fetch('/result/%s', {method: 'POST', body: JSON.stringify(seen)}));
            </script>
            """;

    @TempDir
    private Path folder;

    @AutoClose
    private TestBackend backend;

    private StandaloneProxy proxy;

    @BeforeEach
    void start() throws Exception {
        backend = new TestBackend();
        AccessConfig access =
                AccessConfig.ofOrigins(List.of(AccessConfig.SAME_ORIGIN, "http://127.0.0.1:" + backend.port()));
        proxy = StandaloneProxy.to(List.of(backend.port()), rule -> rule.access(access), folder);
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    private JsonNode seenBy(String name, URI origin) throws Exception {
        backend.page("/" + name, PAGE.formatted(proxy.ws("/ws"), proxy.http("/data"), name));
        try (StartedProgram browser = Browser.open(origin.resolve("/" + name), folder)) {
            return Browser.posted(backend, "/result/" + name, browser);
        }
    }

    @Test
    void aPageOfAnotherOriginGetsNoWebSocketAndReadsNothing() throws Exception {
        JsonNode seen = seenBy("evil", URI.create("http://localhost:" + backend.port()));

        assertThat(seen.path("webSocket").asText()).as(seen.toString()).isEqualTo("1006");
        assertThat(seen.path("fetched").asText()).isEqualTo("TypeError: Failed to fetch");
        assertThat(proxy.log())
                .anySatisfy(line -> assertThat(line)
                        .contains("\"target\":\"/ws\"", "\"status\":403", "This origin may not connect."));
    }

    @Test
    void aPageThatTheProxyServedAndOneOfAListedOriginTalk() throws Exception {
        JsonNode own = seenBy("own", proxy.http("/"));
        assertThat(own.path("webSocket").asText()).as(own.toString()).isEqualTo("secret");
        assertThat(own.path("fetched").asText()).startsWith("200 POST /data ");

        JsonNode listed = seenBy("listed", URI.create("http://127.0.0.1:" + backend.port()));
        assertThat(listed.path("webSocket").asText()).as(listed.toString()).isEqualTo("secret");
        assertThat(listed.path("fetched").asText()).startsWith("200 POST /data ");
    }
}
