// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.echo;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the echo server does when it is asked to end. */
enum OnSigterm {
    /** Serves on, new clients too, until the last WebSocket has gone. What a backend should do. */
    DRAIN,
    /** Says Close 1001 to all clients at once, and ends. What many servers do by default. */
    CLOSE,
    /** Serves on until SIGKILL. What a server does that knows nothing of signals. */
    IGNORE;

    /**
     * The value of the environment variable of this name.
     *
     * @param value null for the default
     * @throws IllegalArgumentException with a sentence for the user
     */
    static OnSigterm of(@Nullable String value) {
        return value == null
                ? DRAIN
                : Arrays.stream(values())
                        .filter(candidate -> candidate.word().equals(value))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("ON_SIGTERM has to be one of "
                                + Arrays.stream(values()).map(OnSigterm::word).collect(Collectors.joining(", "))
                                + ", not '" + value + "'."));
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
