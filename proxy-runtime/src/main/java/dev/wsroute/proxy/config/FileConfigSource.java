package dev.wsroute.proxy.config;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A document in a file, offered again whenever its content changes: written in place, replaced atomically, or swapped
 * beneath a symbolic link as Kubernetes does with mounted ConfigMaps. The directory is watched; since a link may lead
 * out of it, and some file systems notify nobody, the content is also looked at every now and then.
 */
public final class FileConfigSource implements ConfigSource {

    private static final Logger log = LoggerFactory.getLogger(FileConfigSource.class);
    private static final Duration POLL = Duration.ofSeconds(2);
    /** A file that is being written in place is read when it has been quiet for this long. */
    private static final Duration QUIET = Duration.ofMillis(60);

    private static final int MAX_ROUNDS = 50;

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
            log.debug("Closing the watch of {}", file, e);
        }
    }

    private void follow(Sink sink) {
        Object last = null;
        try {
            while (true) {
                Object now = settled();
                if (!now.equals(last)) {
                    if (now instanceof ConfigText text) {
                        sink.offer(text);
                    } else {
                        sink.unavailable(now.toString());
                    }
                    last = now;
                }
                await(POLL);
            }
        } catch (ClosedWatchServiceException | InterruptedException e) {
            log.debug("{} is no longer followed", file);
        }
    }

    /** The content once it stands still, or a sentence on why there is none. */
    private Object settled() throws InterruptedException {
        Object now = look();
        for (int round = 0; round < MAX_ROUNDS; round++) {
            boolean stirred = await(QUIET);
            Object again = look();
            if (again.equals(now) && !stirred) {
                break;
            }
            now = again;
        }
        return now;
    }

    private Object look() {
        try {
            return ConfigFile.read(file);
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Whether something happened in the directory before the time was over. */
    private boolean await(Duration time) throws InterruptedException {
        WatchKey key = watches.poll(time.toMillis(), TimeUnit.MILLISECONDS);
        if (key == null) {
            return false;
        }
        key.pollEvents();
        key.reset();
        return true;
    }
}
