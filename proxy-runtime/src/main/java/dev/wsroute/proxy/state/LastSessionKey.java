package dev.wsroute.proxy.state;

import dev.wsroute.proxy.session.SessionKey;
import java.util.Base64;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the key of session cookies, readable by this user only. */
public final class LastSessionKey {

    private static final Logger LOG = LoggerFactory.getLogger(LastSessionKey.class);
    private static final String FILE = "session-key";

    private final StateDir state;
    private final Executor writer;

    /** @param writer where writing may block */
    public LastSessionKey(StateDir state, Executor writer) {
        this.state = state;
        this.writer = writer;
    }

    /** The key kept; null when there is none that can be used. */
    public @Nullable SessionKey load() {
        String text = state.read(FILE);
        try {
            return text == null ? null : SessionKey.of(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            LOG.warn("The key of session cookies that was kept cannot be used, going on without: {}", e.getMessage());
            return null;
        }
    }

    /** Replaces it. */
    public void keep(SessionKey key) {
        writer.execute(() -> state.writeSecret(FILE, Base64.getEncoder().encodeToString(key.bytes())));
    }
}
