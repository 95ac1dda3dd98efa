// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.admin;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The token that gives other machines access to the detail pages, if there is one. */
public final class AdminToken {

    /** No token. */
    public static final AdminToken NONE = new AdminToken(null);

    private static final Logger LOG = LoggerFactory.getLogger(AdminToken.class);
    private static final int MIN_LENGTH = 16;
    private static final int MAX_LENGTH = 4096;

    private volatile @Nullable String current;

    private AdminToken(@Nullable String current) {
        this.current = current;
    }

    /**
     * Reads a token from {@code file}, without surrounding white space.
     *
     * @throws IOException with a sentence if the file cannot be read or has no valid token
     */
    public static AdminToken read(Path file) throws IOException {
        return new AdminToken(textOf(file));
    }

    /** Rereads the file periodically. If it has no valid token, the previous one stays valid. */
    public void follow(Path file, ScheduledExecutorService worker, Duration period) {
        worker.scheduleWithFixedDelay(
                () -> {
                    try {
                        current = textOf(file);
                    } catch (IOException e) {
                        LOG.warn("{}; keeping the previous token", e.getMessage());
                    }
                },
                period.toMillis(),
                period.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Null if there is none. */
    @Nullable String current() {
        return current;
    }

    private static String textOf(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_LENGTH + 1);
        } catch (IOException e) {
            throw new IOException(
                    "Cannot read the token file " + file + ": " + e.getClass().getSimpleName(), e);
        }
        String text = new String(bytes, StandardCharsets.UTF_8).strip();
        if (bytes.length > MAX_LENGTH || text.length() < MIN_LENGTH || !text.matches("[!-~]+")) {
            throw new IOException("The token file " + file + " must contain " + MIN_LENGTH + " to " + MAX_LENGTH + ""
                    + " printable ASCII characters without spaces");
        }
        return text;
    }
}
