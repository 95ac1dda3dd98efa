// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.admission;

import dev.wsroute.config.LimitsConfig;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Limits on clients' connections and handshakes. {@link #NONE} means unlimited.
 *
 * @param connections open client connections
 * @param connectionsPerClient open connections of one client
 * @param handshakesPerSecond upgrades begun per second; bursts may use the tokens of one second
 * @param pendingHandshakes upgrades that are not answered yet
 * @param connectionsPerSubject open WebSockets of one subject
 */
public record Caps(
        int connections,
        int connectionsPerClient,
        int handshakesPerSecond,
        int pendingHandshakes,
        int connectionsPerSubject) {

    /** No limit. */
    static final int NONE = Integer.MAX_VALUE;

    public static final Caps UNLIMITED = new Caps(NONE, NONE, NONE, NONE, NONE);

    /** The limits of a document. */
    public static Caps of(LimitsConfig limits) {
        return of(limits, NONE);
    }

    /**
     * The limits of a document. *
     * @param room number of connections that fit in memory: the limit where the document sets none
     */
    public static Caps of(LimitsConfig limits, int room) {
        return new Caps(
                Objects.requireNonNullElse(limits.connectionsPerProxy(), room),
                or(limits.connectionsPerClient()),
                or(limits.handshakesPerSecondPerProxy()),
                or(limits.pendingHandshakesPerProxy()),
                or(limits.connectionsPerSubject()));
    }

    /** How many connections beyond the limit are sent a refusal. Further ones are closed without a response. */
    static int overflow(int cap) {
        return Math.max(16, Math.min(1024, cap / 8));
    }

    private static int or(@Nullable Integer limit) {
        return limit == null ? NONE : limit;
    }
}
