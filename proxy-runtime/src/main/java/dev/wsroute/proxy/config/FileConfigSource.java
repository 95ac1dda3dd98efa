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
 * A document in a file, offered again whenever its content changes: written in place, replaced atomically, or swapped
 * beneath a symbolic link as Kubernetes does with mounted ConfigMaps. The directory is watched; since a link may lead
 * out of it, some file systems notify nobody, and an edit may keep size and time stamp, the content itself is also read
 * every now and then, whatever else happens in the directory.
 */
public final class FileConfigSource implements ConfigSource {

    private static final Logger LOG = LoggerFactory.getLogger(FileConfigSource.class);
    private static final Duration READ_EVERY = Duration.ofSeconds(2);
    /** A file that is being written in place is read when it has been quiet for this long. */
    private static final Duration QUIET = Duration.ofMillis(60);

    /** One that is written or replaced without end is read all the same. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final Path file;
    private final WatchService watches;
    private @Nullable Thread thread;

    /** @throws IOException with one sentence when the file's directory cannot be watched */
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
            throw new IOException("The directory " + directory + " of the configuration cannot be watched", e);
        }
    }

    @Override
    public void start(Sink sink) {
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
            LOG.debug("Closing the watch of {}", file, e);
        }
    }

    private void follow(Sink sink) {
        Object last = null;
        Object lastState = null;
        long read = 0;
        try {
            while (true) {
                Object state = settled();
                // Events of other files neither cause this file to be read nor prevent it.
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
            LOG.debug("{} is no longer followed", file);
        }
    }

    /** What tells this state of the file from others, once it stands still. */
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

    /** Waits for an event in the directory, at most for the given time. */
    private void await(Duration time) throws InterruptedException {
        WatchKey key = watches.poll(time.toNanos(), TimeUnit.NANOSECONDS);
        if (key != null) {
            key.pollEvents();
            key.reset();
        }
    }
}
