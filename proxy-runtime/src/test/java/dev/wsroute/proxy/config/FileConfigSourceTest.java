// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.ProxyConfigParser.DocumentFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class FileConfigSourceTest {

    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

    @TempDir
    private Path folder;

    private @Nullable FileConfigSource source;

    @AfterEach
    void stop() {
        if (source != null) {
            source.close();
        }
    }

    @Test
    void aFileWrittenInPlaceIsOfferedOnceItIsStable() throws Exception {
        Path file = Files.writeString(folder.resolve("proxy.yaml"), "one");
        follow(file);
        assertThat(next()).isEqualTo("one");

        Files.writeString(file, "two");

        assertThat(next()).isEqualTo("two");
    }

    @Test
    void aFileReplacedAtomicallyIsOffered() throws Exception {
        Path file = Files.writeString(folder.resolve("proxy.yaml"), "one");
        follow(file);
        assertThat(next()).isEqualTo("one");

        Files.move(
                Files.writeString(folder.resolve("proxy.yaml.tmp"), "two"),
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);

        assertThat(next()).isEqualTo("two");
    }

    @Test
    void aFileThatIsReplacedWithoutEndIsOfferedAllTheSame() throws Exception {
        Path file = Files.writeString(folder.resolve("proxy.yaml"), "0");
        follow(file);
        assertThat(next()).isEqualTo("0");

        int written = 0;
        while (received.size() < 2) {
            Files.move(
                    Files.writeString(folder.resolve("proxy.yaml.tmp"), Integer.toString(++written)),
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }

        assertThat(Integer.parseInt(next())).isPositive();
    }

    @Test
    void aMountedConfigMapIsOfferedWhenItsLinkIsSwapped() throws Exception {
        Files.writeString(Files.createDirectory(folder.resolve("..v1")).resolve("proxy.yaml"), "one");
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..v1"));
        Path file = Files.createSymbolicLink(folder.resolve("proxy.yaml"), Path.of("..data/proxy.yaml"));
        follow(file);
        assertThat(next()).isEqualTo("one");

        Files.writeString(Files.createDirectory(folder.resolve("..v2")).resolve("proxy.yaml"), "two");
        Path next = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("..v2"));
        Files.move(next, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);

        assertThat(next()).isEqualTo("two");
    }

    @Test
    void anEditThatKeepsSizeAndTimeStampIsOfferedHoweverBusyTheFolderIs() throws Exception {
        Path file = Files.writeString(folder.resolve("proxy.yaml"), "one");
        FileTime stamp = Files.getLastModifiedTime(file);
        follow(file);
        assertThat(next()).isEqualTo("one");

        try (BusyFolder busy = new BusyFolder(folder)) {
            Files.writeString(file, "two");
            Files.setLastModifiedTime(file, stamp);

            assertThat(next()).isEqualTo("two");
            assertThat(busy.failure()).isNull();
        }
    }

    @Test
    void anEditByWayOfAMovedFileOfEqualSizeAndStampIsOffered() throws Exception {
        Path file = Files.writeString(folder.resolve("proxy.yaml"), "one");
        FileTime stamp = Files.getLastModifiedTime(file);
        follow(file);
        assertThat(next()).isEqualTo("one");

        Path other = Files.setLastModifiedTime(Files.writeString(folder.resolve("other"), "two"), stamp);
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);

        assertThat(next()).isEqualTo("two");
    }

    @Test
    void aFolderThatIsMovedAwayAndPutBackIsFollowedOn() throws Exception {
        Path inner = Files.createDirectory(folder.resolve("etc"));
        Path file = Files.writeString(inner.resolve("proxy.yaml"), "one");
        follow(file);
        assertThat(next()).isEqualTo("one");

        Path away = Files.move(inner, folder.resolve("away"));
        assertThat(next()).isEqualTo("unavailable: The configuration file " + file + " does not exist");
        Files.createDirectory(inner);
        Files.writeString(file, "two");
        assertThat(next()).isEqualTo("two");
        Files.writeString(away.resolve("proxy.yaml"), "noise");
        Files.writeString(file, "three");

        assertThat(next()).isEqualTo("three");
    }

    @Test
    void aFileBehindALinkOutOfTheFolderIsFoundChangedByLooking() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Path target = Files.writeString(elsewhere.resolve("real.yaml"), "one");
        Path file = Files.createSymbolicLink(
                Files.createDirectory(folder.resolve("here")).resolve("proxy.yaml"), target);
        follow(file);
        assertThat(next()).isEqualTo("one");

        Files.writeString(target, "two");

        assertThat(next()).isEqualTo("two");
    }

    @Test
    void aDeletedFileIsLossOfNewsAndANewOneIsOffered() throws Exception {
        Path file = Files.writeString(folder.resolve("proxy.yaml"), "one");
        follow(file);
        assertThat(next()).isEqualTo("one");

        Files.delete(file);
        assertThat(next()).isEqualTo("unavailable: The configuration file " + file + " does not exist");
        Files.writeString(file, "two");

        assertThat(next()).isEqualTo("two");
    }

    @Test
    void aTouchedFileWithTheSameContentIsNotOfferedAgain() throws Exception {
        Path file = Files.writeString(folder.resolve("proxy.yaml"), "one");
        follow(file);
        assertThat(next()).isEqualTo("one");

        Files.writeString(file, "one");
        Files.writeString(folder.resolve("other"), "noise");
        Files.writeString(file, "three");

        assertThat(next()).isEqualTo("three");
    }

    @Test
    void theFileNameSelectsTheFormatAndFilesAreReadStrictly() throws Exception {
        Path json = Files.writeString(folder.resolve("proxy.json"), "{}");
        Path yaml = Files.writeString(folder.resolve("proxy.conf"), "{}");

        assertThat(ConfigFile.read(json)).isEqualTo(new ConfigText("{}", DocumentFormat.JSON, true));
        assertThat(ConfigFile.read(yaml)).isEqualTo(new ConfigText("{}", DocumentFormat.YAML, true));
    }

    /** Another program writes the file without a pause. */
    private static final class BusyFolder implements AutoCloseable {

        private final Path file;
        private final Thread writer = new Thread(this::write);
        private volatile boolean over;
        private volatile @Nullable IOException failure;

        BusyFolder(Path folder) {
            file = folder.resolve("noise");
            writer.start();
        }

        private void write() {
            try {
                while (!over) {
                    Files.writeString(file, "noise");
                }
            } catch (IOException e) {
                failure = e;
            }
        }

        @Nullable IOException failure() {
            return failure;
        }

        @Override
        public void close() {
            over = true;
            try {
                writer.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void follow(Path file) throws IOException {
        FileConfigSource following = new FileConfigSource(file);
        source = following;
        following.start(new ConfigSource.ConfigSink() {
            @Override
            public void offer(ConfigText text) {
                received.add(text.text());
            }

            @Override
            public void unavailable(String reason) {
                received.add("unavailable: " + reason);
            }
        });
    }

    private String next() throws InterruptedException {
        String next = received.poll(60, TimeUnit.SECONDS);
        assertThat(next).as("something received in time").isNotNull();
        return next;
    }
}
