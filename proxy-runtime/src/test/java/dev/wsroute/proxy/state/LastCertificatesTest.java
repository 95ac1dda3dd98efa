// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastCertificatesTest {

    private static final Map<String, byte[]> DATA = Map.of(
            "tls.crt", "certificate\n".getBytes(StandardCharsets.UTF_8), "tls.key", new byte[] {0, 1, (byte) 255});

    @TempDir
    Path folder;

    private LastCertificates open() throws Exception {
        return new LastCertificates(new StateDir(folder.resolve("secrets")), Runnable::run);
    }

    private List<Path> files() throws Exception {
        try (Stream<Path> files = Files.list(folder.resolve("secrets"))) {
            return files.toList();
        }
    }

    @Test
    void theNextProcessFindsWhatWasKept() throws Exception {
        open().keep("Secret apps/chat-tls", DATA);

        Map<String, byte[]> loaded = open().load("Secret apps/chat-tls");

        assertThat(loaded).isNotNull().containsOnlyKeys("tls.crt", "tls.key");
        assertThat(loaded.get("tls.key")).isEqualTo(DATA.get("tls.key"));
        assertThat(open().load("Secret apps/other-tls")).isNull();
    }

    @Test
    void onlyThisUserCanReadTheFiles() throws Exception {
        open().keep("Secret apps/chat-tls", DATA);

        assertThat(files())
                .singleElement()
                .satisfies(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------"));
    }

    @Test
    void whatNoListenerNamesIsDeleted() throws Exception {
        LastCertificates kept = open();
        kept.keep("Secret apps/chat-tls", DATA);
        kept.keep("Secret apps/other-tls", DATA);

        kept.retain(Set.of("Secret apps/other-tls"));

        assertThat(kept.load("Secret apps/chat-tls")).isNull();
        assertThat(kept.load("Secret apps/other-tls")).isNotNull();
        assertThat(files()).hasSize(1);
    }

    @Test
    void damagedFilesAreIgnored() throws Exception {
        LastCertificates kept = open();
        kept.keep("Secret apps/chat-tls", DATA);
        Files.writeString(files().get(0), "tls.key=***\n");

        assertThat(kept.load("Secret apps/chat-tls")).isNull();
    }
}
