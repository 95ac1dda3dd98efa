// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests without an upgrade, sent by curl. */
class CurlIT {

    @TempDir
    private Path folder;

    @Test
    void curlGetsPagesOverOneKeptAliveConnection() throws Exception {
        String curl = InstalledPrograms.onPath("curl").toString();

        try (TestBackend backend = new TestBackend();
                StandaloneProxy proxy = StandaloneProxy.to(backend.port(), folder);
                StartedProgram client = StartedProgram.start(
                        curl,
                        "--silent",
                        "--show-error",
                        "--write-out",
                        "%{http_code} over %{num_connects} new connections\n",
                        proxy.http("/first?a=1").toString(),
                        proxy.http("/second").toString())) {

            assertThat(client.exitStatus(Duration.ofSeconds(20))).isZero();
            assertThat(client.lines())
                    .containsExactly(
                            "GET /first?a=1 for 127.0.0.1 with 0 bytes",
                            "200 over 1 new connections",
                            "GET /second for 127.0.0.1 with 0 bytes",
                            "200 over 0 new connections");
        }
    }

    @Test
    void curlUploadsWithAndWithoutAKnownLength() throws Exception {
        String curl = InstalledPrograms.onPath("curl").toString();
        Path upload = folder.resolve("upload");
        try (RandomAccessFile file = new RandomAccessFile(upload.toFile(), "rw")) {
            file.setLength(5_000_000);
        }

        try (TestBackend backend = new TestBackend();
                StandaloneProxy proxy = StandaloneProxy.to(backend.port(), folder);
                StartedProgram plain = StartedProgram.start(
                        curl,
                        "--silent",
                        "--show-error",
                        "--data-binary",
                        "@" + upload,
                        proxy.http("/plain").toString());
                StartedProgram chunked = StartedProgram.start(
                        curl,
                        "--silent",
                        "--show-error",
                        "--header",
                        "Transfer-Encoding: chunked",
                        "--upload-file",
                        upload.toString(),
                        proxy.http("/chunked").toString())) {

            assertThat(plain.exitStatus(Duration.ofSeconds(20))).isZero();
            assertThat(plain.lines()).containsExactly("POST /plain for 127.0.0.1 with 5000000 bytes");
            assertThat(chunked.exitStatus(Duration.ofSeconds(20))).isZero();
            assertThat(chunked.lines()).containsExactly("PUT /chunked for 127.0.0.1 with 5000000 bytes");
        }
    }
}
