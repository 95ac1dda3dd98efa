// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests, uploads and handshakes, sent by curl. */
class CurlIT extends BothSchemesFixture {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    @ParameterizedTest
    @EnumSource
    void curlGetsPagesOverOneKeptAliveConnection(Scheme scheme) throws Exception {
        backend.page("/large", "x".repeat(1 << 20));

        assertThat(curl(
                        "--write-out",
                        "%{http_code}, %{size_download} bytes over %{num_connects} new connections\n",
                        "--output",
                        "/dev/null",
                        proxy.http(scheme, "/large").toString(),
                        proxy.http(scheme, "/first?a=1").toString(),
                        proxy.http(scheme, "/second").toString()))
                .containsExactly(
                        "200, 1048576 bytes over 1 new connections",
                        "GET /first?a=1 for 127.0.0.1 with 0 bytes",
                        "200, 42 bytes over 0 new connections",
                        "GET /second for 127.0.0.1 with 0 bytes",
                        "200, 39 bytes over 0 new connections");
    }

    @ParameterizedTest
    @EnumSource
    void curlUploadsWithAndWithoutAKnownLength(Scheme scheme, @TempDir Path folder) throws Exception {
        Path upload = folder.resolve("upload");
        try (RandomAccessFile file = new RandomAccessFile(upload.toFile(), "rw")) {
            file.setLength(5_000_000);
        }

        assertThat(curl(
                        "--data-binary",
                        "@" + upload,
                        proxy.http(scheme, "/plain").toString()))
                .containsExactly("POST /plain for 127.0.0.1 with 5000000 bytes");
        assertThat(curl(
                        "--header",
                        "Transfer-Encoding: chunked",
                        "--upload-file",
                        upload.toString(),
                        proxy.http(scheme, "/chunked").toString()))
                .containsExactly("PUT /chunked for 127.0.0.1 with 5000000 bytes");
    }

    /** Many versions of curl do not know WebSockets, but the handshake is often tried with curl. Key and answer: RFC 6455, 1.3. */
    @ParameterizedTest
    @EnumSource
    void curlSeesTheAnswerToAHandshakeThatItSendsAsHeaders(Scheme scheme) throws Exception {
        List<String> command = command(
                "--verbose",
                "--http1.1",
                "--header",
                "Connection: Upgrade",
                "--header",
                "Upgrade: websocket",
                "--header",
                "Sec-WebSocket-Version: 13",
                "--header",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                proxy.http(scheme, "/ws").toString());

        try (StartedProgram client = new StartedProgram(command)) {
            assertThat(client.awaitLine("^< HTTP/1.1 (\\d+)")).isEqualTo("101");
            assertThat(client.awaitLine("(?i)^< Sec-WebSocket-Accept: (\\S+)"))
                    .isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        }
    }

    @Test
    void curlRefusesTheCertificateOfACaThatItDoesNotKnow() throws Exception {
        String curl = InstalledPrograms.onPath("curl").toString();
        String url = proxy.http(Scheme.WSS, "/").toString();

        try (StartedProgram client = StartedProgram.start(curl, "--silent", "--show-error", url)) {
            assertThat(client.exitStatus(LIMIT)).isEqualTo(60);
            assertThat(client.lines())
                    .first()
                    .asString()
                    .contains("SSL certificate problem: unable to get local issuer certificate");
        }
    }

    @Test
    void curlFollowsTheRedirectToTlsWithItsBody() throws Exception {
        assertThat(curl(
                        "--write-out",
                        "%{http_code} %{redirect_url}\n",
                        proxy.redirected("/path?a=1").toString()))
                .endsWith("308 " + proxy.http(Scheme.WSS, "/path?a=1"));
        assertThat(curl(
                        "--location",
                        "--data",
                        "body",
                        proxy.redirected("/path").toString()))
                .endsWith("POST /path for 127.0.0.1 with 4 bytes");
    }

    @Test
    void curlSeesWhyThePortWithTlsDoesNotServeHttp() throws Exception {
        String url = "http://127.0.0.1:" + proxy.port(Scheme.WSS) + "/";

        assertThat(curl("--write-out", "%{http_code}\n", url))
                .containsExactly("This port requires TLS; use https or wss.", "400");
    }

    /** Runs curl and returns what it printed. */
    private List<String> curl(String... arguments) throws Exception {
        try (StartedProgram client = new StartedProgram(command(arguments))) {
            assertThat(client.exitStatus(LIMIT))
                    .as(() -> String.join("\n", client.lines()))
                    .isZero();
            return client.lines();
        }
    }

    /** A curl that trusts the test's CA. */
    private List<String> command(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(InstalledPrograms.onPath("curl").toString());
        command.addAll(List.of(
                "--silent", "--show-error", "--cacert", authority.certificate().toString()));
        command.addAll(List.of(arguments));
        return command;
    }
}
