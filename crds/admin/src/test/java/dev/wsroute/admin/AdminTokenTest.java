// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminTokenTest {

    @TempDir
    Path folder;

    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void stop() {
        worker.shutdownNow();
    }

    @Test
    void aChangedFileIsFollowedAndABadOneLeavesTheLastTokenInForce() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "the-first-token-there-is");
        AdminToken token = AdminToken.read(file);
        token.follow(file, worker, Duration.ofMillis(20));
        assertThat(token.current()).isEqualTo("the-first-token-there-is");

        Files.writeString(file, "  the-second-token-there-is\n");
        await().until(() -> "the-second-token-there-is".equals(token.current()));
        Files.writeString(file, "short");
        Files.delete(file);
        worker.submit(() -> {}).get();

        assertThat(token.current()).isEqualTo("the-second-token-there-is");
    }
}
