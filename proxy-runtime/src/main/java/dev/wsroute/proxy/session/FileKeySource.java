package dev.wsroute.proxy.session;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A file whose bytes are the key, looked at every second: keys change rarely, and a look finds every way of replacing a
 * file. A changed file counts once it was read twice alike, so that half of it never does.
 */
public final class FileKeySource implements KeySource {

    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final int MAX_BYTES = 64 * 1024;

    private final Path file;
    private final ScheduledExecutorService reader;
    private @Nullable ScheduledFuture<?> looks;
    private byte @Nullable [] seen;
    private byte @Nullable [] offered;
    private @Nullable String complaint;

    /** @param reader where reading may block */
    public FileKeySource(Path file, ScheduledExecutorService reader) {
        this.file = file;
        this.reader = reader;
    }

    @Override
    public synchronized void start(Sink sink) {
        looks = reader.scheduleWithFixedDelay(() -> look(sink), 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public synchronized void close() {
        if (looks != null) {
            looks.cancel(false);
        }
    }

    private synchronized void look(Sink sink) {
        try {
            byte[] now = read();
            complaint = null;
            boolean settled = offered == null || Arrays.equals(now, seen);
            if (settled && !Arrays.equals(now, offered)) {
                offered = now;
                sink.offer(now);
            }
            seen = now;
        } catch (NoSuchFileException e) {
            complain(sink, "The file " + file + " with the key of session cookies does not exist");
        } catch (IOException e) {
            complain(sink, "The file " + file + " with the key of session cookies cannot be read: " + e.getMessage());
        }
    }

    private void complain(Sink sink, String reason) {
        if (!reason.equals(complaint)) {
            complaint = reason;
            sink.unavailable(reason);
        }
    }

    private byte[] read() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException("it is larger than " + MAX_BYTES + " bytes");
            }
            return bytes;
        }
    }
}
