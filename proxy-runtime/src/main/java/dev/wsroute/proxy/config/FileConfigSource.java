// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.config;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A document in a file. Detects all kinds of changes: written in place, replaced atomically, or swapped behind a
 * symbolic link as Kubernetes does with mounted ConfigMaps. The directory is watched. The file is also read
 * periodically, since a link may point outside the directory, some file systems send no notifications, and an edit may
 * keep size and time stamp.
 */
public final class FileConfigSource implements ConfigSource {

    private static final Logger LOG = LoggerFactory.getLogger(FileConfigSource.class);
    private static final Duration READ_EVERY = Duration.ofSeconds(2);
    /** A file is read once it has not changed for this long, since it may be written in place. */
    private static final Duration QUIET = Duration.ofMillis(60);

    /** A file that keeps changing is read after this time anyway. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final Path file;
    private final WatchService watches;
    private @Nullable Thread thread;

    /** @throws IOException with a sentence when the file's directory cannot be watched */
    public FileConfigSource(Path file) throws IOException {
        this.file = file.toAbsolutePath();
        Path directory = Objects.requireNonNull(this.file.getParent(), "an absolute file has a parent");
        try {
            this.watches = directory.getFileSystem().newWatchService();
            directory.register(
                    watches,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
        } catch (IOException e) {
            throw new IOException("Cannot watch the directory " + directory + " of the configuration file", e);
        }
    }

    @Override
    public void start(ConfigSink sink) {
        Thread follower = new Thread(() -> follow(sink), "config-file");
        follower.setDaemon(true);
        thread = follower;
        follower.start();
    }

    @Override
    public void close() {
        try {
            watches.close();
            if (thread != null) {
                thread.interrupt();
            }
        } catch (IOException e) {
            LOG.debug("Could not close the watch of {}", file, e);
        }
    }

    private void follow(ConfigSink sink) {
        Object last = null;
        Object lastState = null;
        long read = 0;
        try {
            while (true) {
                Object state = settled();
                // Events of other files in the directory do not matter.
                if (lastState == null || !state.equals(lastState) || System.nanoTime() - read >= READ_EVERY.toNanos()) {
                    Object now = look();
                    if (!now.equals(last)) {
                        if (now instanceof ConfigText text) {
                            sink.offer(text);
                        } else {
                            sink.unavailable(now.toString());
                        }
                        last = now;
                    }
                    lastState = state;
                    read = System.nanoTime();
                }
                await(READ_EVERY.minusNanos(System.nanoTime() - read));
            }
        } catch (ClosedWatchServiceException | InterruptedException e) {
            LOG.debug("Stopped watching {}", file);
        }
    }

    /** The file's attributes once they have stopped changing. */
    private Object settled() throws InterruptedException {
        Object state = state();
        long begun = System.nanoTime();
        long now = begun;
        long since = begun;
        while (now - since < QUIET.toNanos() && now - begun < PATIENCE.toNanos()) {
            await(QUIET.minusNanos(now - since));
            now = System.nanoTime();
            Object again = state();
            if (!again.equals(state)) {
                state = again;
                since = now;
            }
        }
        return state;
    }

    private Object state() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return Arrays.asList(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private Object look() {
        try {
            return ConfigFile.read(file);
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Waits for an event in the directory, or for the given time. */
    private void await(Duration time) throws InterruptedException {
        WatchKey key = watches.poll(time.toNanos(), TimeUnit.NANOSECONDS);
        if (key != null) {
            key.pollEvents();
            key.reset();
        }
    }
}
