// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.material;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchedFilesTest {

    @TempDir
    Path folder;

    private final ScheduledExecutorService reader = Executors.newScheduledThreadPool(1);
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() {
        reader.shutdownNow();
    }

    private MaterialSource start(Path file) {
        return start(new WatchedFiles(reader), file);
    }

    private MaterialSource start(WatchedFiles watched, Path file) {
        MaterialSource source = watched.source(Map.of("tls.crt", file));
        source.start(new MaterialSource.Sink() {
            @Override
            public void offer(Map<String, byte[]> data) {
                heard.add(new String(data.getOrDefault("tls.crt", new byte[0]), StandardCharsets.UTF_8));
            }

            @Override
            public void unavailable(String reason) {
                heard.add(reason);
            }
        });
        return source;
    }

    private String next() throws InterruptedException {
        return String.valueOf(heard.poll(1, TimeUnit.MINUTES));
    }

    @Test
    void offersAFileAndItsChanges() throws Exception {
        Path file = Files.writeString(folder.resolve("tls.crt"), "one");
        start(file);
        assertThat(next()).isEqualTo("one");

        Files.writeString(file, "two!");
        assertThat(next()).isEqualTo("two!");
        Files.move(Files.writeString(folder.resolve("next"), "three"), file, StandardCopyOption.ATOMIC_MOVE);
        assertThat(next()).isEqualTo("three");
    }

    @Test
    void offersTheOneOfManyThatChanges() throws Exception {
        WatchedFiles watched = new WatchedFiles(reader);
        for (int i = 0; i < 1000; i++) {
            start(watched, Files.writeString(folder.resolve(i + ".crt"), "one"));
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(next()).isEqualTo("one");
        }

        Files.writeString(folder.resolve("500.crt"), "two!");

        assertThat(next()).isEqualTo("two!");
        assertThat(heard).isEmpty();
    }

    /** As Kubernetes mounts Secrets. */
    @Test
    void noticesALinkThatPointsElsewhere() throws Exception {
        Path first = Files.createDirectory(folder.resolve("first"));
        Path second = Files.createDirectory(folder.resolve("second"));
        Files.writeString(first.resolve("tls.crt"), "one");
        Files.writeString(second.resolve("tls.crt"), "two");
        Path link = Files.createSymbolicLink(folder.resolve("data"), first);
        start(link.resolve("tls.crt"));
        assertThat(next()).isEqualTo("one");

        Files.move(
                Files.createSymbolicLink(folder.resolve("next"), second),
                link,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);

        assertThat(next()).isEqualTo("two");
    }

    @Test
    void saysWhyAFileCannotBeReadAndOffersItOnceItCan() throws Exception {
        Path file = folder.resolve("tls.crt");
        start(file);
        assertThat(next()).isEqualTo("The file " + file + " does not exist");

        Files.write(file, new byte[1024 * 1024 + 1]);
        assertThat(next()).isEqualTo("Cannot read the file " + file + ": it is larger than 1048576 bytes");
        Files.writeString(file, "one");
        assertThat(next()).isEqualTo("one");
    }

    /** The first poll parses every certificate: with thousands of them it takes seconds. */
    @Test
    void anExpensivePollIsFollowedByABoundedPause() throws Exception {
        BlockingQueue<Long> pauses = new LinkedBlockingQueue<>();
        ScheduledExecutorService recording = new ScheduledThreadPoolExecutor(1) {
            @Override
            public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
                pauses.add(unit.toSeconds(delay));
                return super.schedule(task, delay, unit);
            }
        };
        MaterialSource source = new WatchedFiles(recording)
                .source(Map.of("tls.crt", Files.writeString(folder.resolve("tls.crt"), "one")));
        try {
            source.start(new MaterialSource.Sink() {
                @Override
                public void offer(Map<String, byte[]> data) {
                    spend(Duration.ofSeconds(1));
                }

                @Override
                public void unavailable(String reason) {
                    throw new AssertionError(reason);
                }
            });

            assertThat(pauses.poll(1, TimeUnit.MINUTES)).isZero();
            assertThat(pauses.poll(1, TimeUnit.MINUTES)).isEqualTo(5);
        } finally {
            recording.shutdownNow();
        }
    }

    private static void spend(Duration processorTime) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long end = threads.getCurrentThreadCpuTime() + processorTime.toNanos();
        while (threads.getCurrentThreadCpuTime() < end) {
            Thread.onSpinWait();
        }
    }
}
