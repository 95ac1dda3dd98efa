package dev.wsroute.proxy.admin;

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

/** The token that opens details to other machines, if there is one. */
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
     * Reads {@code file}, without surrounding white space.
     *
     * @throws IOException with one sentence if the file cannot be read or holds no valid token
     */
    public static AdminToken read(Path file) throws IOException {
        return new AdminToken(textOf(file));
    }

    /** Reads the file again periodically; if it holds no valid token, the last one stays in force. */
    public void follow(Path file, ScheduledExecutorService worker, Duration period) {
        worker.scheduleWithFixedDelay(
                () -> {
                    try {
                        current = textOf(file);
                    } catch (IOException e) {
                        LOG.warn("{}; the last token stays in force", e.getMessage());
                    }
                },
                period.toMillis(),
                period.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Null: there is none. */
    @Nullable String current() {
        return current;
    }

    private static String textOf(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_LENGTH + 1);
        } catch (IOException e) {
            throw new IOException(
                    "The token file " + file + " cannot be read: "
                            + e.getClass().getSimpleName(),
                    e);
        }
        String text = new String(bytes, StandardCharsets.UTF_8).strip();
        if (bytes.length > MAX_LENGTH || text.length() < MIN_LENGTH || !text.matches("[!-~]+")) {
            throw new IOException("The token file " + file + " must hold " + MIN_LENGTH + " to " + MAX_LENGTH
                    + " printable ASCII characters without blanks");
        }
        return text;
    }
}
