// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.echo;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How the echo server handles SIGTERM. */
enum OnSigterm {
    /** Keeps serving, including new clients, until the last WebSocket has ended, as a backend should. */
    DRAIN,
    /** Sends Close 1001 to all clients at once and exits, as many servers do by default. */
    CLOSE,
    /** Keeps serving until SIGKILL, as a server that ignores signals does. */
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
