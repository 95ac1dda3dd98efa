// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.testkit.ManualScheduler;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileKeySourceTest {

    private static final Duration LOOK = Duration.ofSeconds(1);

    private final ManualScheduler reader = new ManualScheduler();
    private final List<String> received = new ArrayList<>();

    @TempDir
    private Path folder;

    @Test
    void theKeyIsOfferedAtTheStartAndOnceItHasChanged() throws Exception {
        Files.writeString(file(), "one");
        start();
        reader.advance(LOOK.multipliedBy(3));
        assertThat(received).containsExactly("one");

        Files.writeString(file(), "tw");
        reader.advance(LOOK);
        Files.writeString(file(), "two");
        reader.advance(LOOK.multipliedBy(3));

        assertThat(received).containsExactly("one", "two");
    }

    @Test
    void aMissingFileIsReportedOnceAndItsKeyIsOfferedOnceItExists() throws Exception {
        start();
        reader.advance(LOOK.multipliedBy(3));
        Files.writeString(file(), "one");
        reader.advance(LOOK.multipliedBy(2));

        assertThat(received).containsExactly("The session key file " + file() + " does not exist", "one");
    }

    @Test
    void aFileThatCannotBeAKeyIsNotReadWhole() throws Exception {
        Files.write(file(), new byte[70_000]);
        start();

        assertThat(received)
                .containsExactly("Cannot read the session key file " + file() + ": it is larger than 65536 bytes");
    }

    private Path file() {
        return folder.resolve("key");
    }

    private void start() {
        FileKeySource source = new FileKeySource(file(), reader);
        source.start(new KeySource.KeySink() {
            @Override
            public void offer(byte[] key) {
                received.add(new String(key, StandardCharsets.UTF_8));
            }

            @Override
            public void unavailable(String reason) {
                received.add(reason);
            }
        });
        reader.advance(Duration.ZERO);
    }
}
