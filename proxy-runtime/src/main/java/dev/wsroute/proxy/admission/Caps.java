package dev.wsroute.proxy.admission;

import dev.wsroute.config.LimitsConfig;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How many may come in.
 *
 * @param connections clients' connections at a time
 * @param connectionsPerClient of them, one client's
 * @param handshakesPerSecond upgrades begun in a second; a second's worth may come at once
 * @param pendingHandshakes upgrades begun and not answered yet
 */
public record Caps(int connections, int connectionsPerClient, int handshakesPerSecond, int pendingHandshakes) {

    /** As good as no limit. */
    static final int NONE = Integer.MAX_VALUE;

    public static final Caps UNLIMITED = new Caps(NONE, NONE, NONE, NONE);

    /** What a document says. */
    public static Caps of(LimitsConfig limits) {
        return of(limits, NONE);
    }

    /**
     * What a document says.
     *
     * @param room for how many connections there is memory, where the document does not limit them
     */
    public static Caps of(LimitsConfig limits, int room) {
        return new Caps(
                Objects.requireNonNullElse(limits.connectionsPerProxy(), room),
                or(limits.connectionsPerClient()),
                or(limits.handshakesPerSecondPerProxy()),
                or(limits.pendingHandshakesPerProxy()));
    }

    /** How many may wait to be told that there is no room, before further ones are turned away without a word. */
    static int room(int cap) {
        return Math.max(16, Math.min(1024, cap / 8));
    }

    private static int or(@Nullable Integer limit) {
        return limit == null ? NONE : limit;
    }
}
