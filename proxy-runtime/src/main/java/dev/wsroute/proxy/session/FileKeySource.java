// SPDX-License-Identifier: Apache-2.0
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
 * A file whose bytes are the key. It is polled every second, which detects every way of replacing a file. A change
 * takes effect once two consecutive reads agree, so that a half-written file is never used.
 */
public final class FileKeySource implements KeySource {

    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final int MAX_BYTES = 64 * 1024;

    private final Path file;
    private final ScheduledExecutorService reader;
    private @Nullable ScheduledFuture<?> polling;
    private byte @Nullable [] seen;
    private byte @Nullable [] offered;
    private @Nullable String complaint;

    /** @param reader may block in reads */
    public FileKeySource(Path file, ScheduledExecutorService reader) {
        this.file = file;
        this.reader = reader;
    }

    @Override
    public synchronized void start(KeySink sink) {
        polling = reader.scheduleWithFixedDelay(() -> poll(sink), 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public synchronized void close() {
        if (polling != null) {
            polling.cancel(false);
        }
    }

    private synchronized void poll(KeySink sink) {
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
            complain(sink, "The session key file " + file + " does not exist");
        } catch (IOException e) {
            complain(sink, "Cannot read the session key file " + file + ": " + e.getMessage());
        }
    }

    private void complain(KeySink sink, String reason) {
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
