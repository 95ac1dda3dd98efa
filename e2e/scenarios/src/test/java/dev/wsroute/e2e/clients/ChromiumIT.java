// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wsroute.config.CertificateSource;
import dev.wsroute.config.HeaderModifier;
import dev.wsroute.config.NameValue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The browser's WebSocket: pages loaded through the proxy open WebSockets, and post the results. */
class ChromiumIT extends BothSchemesFixture {

    /** Has a conversation over the scheme that it was loaded with, and then leads to the page NEXT, if there is one. */
    private static final String PAGE = """
            <!doctype html>
            <script>
            const scheme = location.protocol === 'https:' ? 'WSS' : 'WS';
            const url = scheme.toLowerCase() + '://' + location.host + '/ws/' + scheme;
            const seen = {};

            const open = () => new Promise((resolve, reject) => {
              const socket = new WebSocket(url, ['chat.v1']);
              socket.binaryType = 'arraybuffer';
              socket.onopen = () => resolve(socket);
              socket.onerror = () => reject(new Error('no connection'));
            });
            const answer = (socket, message) => new Promise((resolve) => {
              socket.onmessage = (event) => resolve(event.data);
              socket.send(message);
            });
            const closed = (socket) => new Promise((resolve) => {
              socket.onclose = (event) => resolve(`${event.code} ${event.reason} ${event.wasClean}`);
            });
            const random = (size) => {
              const bytes = new Uint8Array(size);
              for (let at = 0; at < size; at += 65536) {
                crypto.getRandomValues(bytes.subarray(at, at + 65536));
              }
              return bytes;
            };

            async function talk() {
              const socket = await open();
              seen.subprotocol = socket.protocol;
              seen.extensions = socket.extensions;
              seen.equal = '';
              for (const size of [1, 65536, 1048576]) {
                const text = 't'.repeat(size);
                if (await answer(socket, text) === text) seen.equal += ` text ${size}`;
                const bytes = random(size);
                const echo = new Uint8Array(await answer(socket, bytes));
                if (echo.length === size && echo.every((byte, i) => byte === bytes[i])) seen.equal += ` binary ${size}`;
              }
              const end = closed(socket);
              socket.close(1000, 'bye');
              seen.closed = await end;

              const other = await open();
              const otherEnd = closed(other);
              other.send('close 4002 enough');
              seen.closedByBackend = await otherEnd;
            }

            talk()
              .catch((error) => { seen.error = String(error); })
              .then(() => fetch('/result/' + scheme, {method: 'POST', body: JSON.stringify(seen)}))
              .then(() => { if ('NEXT') location = 'NEXT'; });
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

    /** What Chromium logs for ERR_CERT_AUTHORITY_INVALID. */
    private static final String UNKNOWN_AUTHORITY = "net_error -202";

    private static final String DATABASE = ".pki/nssdb";

    @TempDir
    private Path folder;

    /** Writes the database in which Chromium looks for the CAs that its user trusts. */
    private void trustTheAuthority() throws Exception {
        Files.createDirectories(folder.resolve(DATABASE));
        certutil("-N", "--empty-password");
        certutil("-A", "-n", "test", "-t", "C,,", "-i", authority.certificate().toString());
    }

    /** Also one for {@code localhost} of a CA that nobody trusts. */
    @Override
    List<CertificateSource> certificates(Path files) throws Exception {
        return List.of(
                authority.issue("server", "IP:127.0.0.1"),
                TestAuthority.named("stranger", files).issue("localhost", "DNS:localhost"));
    }

    @Test
    void pagesConnectThroughTheProxyThatServedThemWithAndWithoutTls() throws Exception {
        trustTheAuthority();
        URI stranger = URI.create("https://localhost:" + proxy.port(Scheme.WSS) + "/last");
        backend.page(
                "/first", PAGE.replace("NEXT", proxy.http(Scheme.WSS, "/second").toString()));
        backend.page("/second", PAGE.replace("NEXT", stranger.toString()));
        backend.page("/last", PAGE.replace("NEXT", ""));

        try (StartedProgram browser = Browser.open(proxy.http(Scheme.WS, "/first"), folder)) {
            for (Scheme scheme : Scheme.values()) {
                JsonNode seen = Browser.posted(backend, "/result/" + scheme, browser);

                assertThat(seen.path("subprotocol").asText())
                        .as(seen.toString())
                        .isEqualTo("chat.v1");
                assertThat(seen.path("extensions").asText()).contains("permessage-deflate");
                assertThat(seen.path("equal").asText())
                        .isEqualTo(" text 1 binary 1 text 65536 binary 65536 text 1048576 binary 1048576");
                assertThat(seen.path("closed").asText()).isEqualTo("1000 bye true");
                assertThat(seen.path("closedByBackend").asText()).isEqualTo("4002 enough true");
                assertThat(backend.closeFrame("/ws/" + scheme).get(1, TimeUnit.MINUTES))
                        .isEqualTo("1000 bye");
            }
            await("refusal of the certificate of a CA that it does not know")
                    .until(() -> browser.lines().stream().anyMatch(line -> line.contains(UNKNOWN_AUTHORITY)));
        }
    }

    @Test
    void aPageOfAnotherOriginSeesTheStatusOfAnErrorOfTheProxys() throws Exception {
        URI page = URI.create("http://127.0.0.1:" + backend.port() + "/page");
        HeaderModifier cors = new HeaderModifier(
                List.of(new NameValue("Access-Control-Allow-Origin", "http://" + page.getAuthority())),
                List.of(),
                List.of());
        try (StandaloneProxy unreachable =
                StandaloneProxy.to(List.of(closedPort()), rule -> rule.responseHeaderModifier(cors), folder)) {
            backend.page("/page", FETCHING_PAGE.formatted(unreachable.http("/")));

            try (StartedProgram browser = Browser.open(page, folder)) {
                JsonNode seen = Browser.posted(backend, "/result", browser);

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

    private void certutil(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(InstalledPrograms.onPath("certutil").toString());
        command.addAll(List.of("-d", "sql:" + folder.resolve(DATABASE)));
        command.addAll(List.of(arguments));
        try (StartedProgram program = new StartedProgram(command)) {
            assertThat(program.exitStatus(Duration.ofMinutes(1)))
                    .as(() -> String.join("\n", program.lines()))
                    .isZero();
        }
    }
}
