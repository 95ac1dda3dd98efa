// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.state;

import dev.wsroute.proxy.session.SessionCookieKey;
import java.util.Base64;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stores the session key in a file that only this user can read. */
public final class LastSessionKey {

    private static final Logger LOG = LoggerFactory.getLogger(LastSessionKey.class);
    private static final String FILE = "session-key";

    private final StateDir state;
    private final Executor writer;

    /** @param writer may block in writes */
    public LastSessionKey(StateDir state, Executor writer) {
        this.state = state;
        this.writer = writer;
    }

    /** The stored key; null if there is none or it is invalid. */
    public @Nullable SessionCookieKey load() {
        String text = state.read(FILE);
        try {
            return text == null ? null : SessionCookieKey.of(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            LOG.warn("The stored session key is invalid; starting without it: {}", e.getMessage());
            return null;
        }
    }

    /** Replaces the stored key. */
    public void keep(SessionCookieKey key) {
        writer.execute(() -> state.writeSecret(FILE, Base64.getEncoder().encodeToString(key.bytes())));
    }
}
