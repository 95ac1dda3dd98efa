package dev.wsroute.proxy.relay;

import dev.wsroute.config.ConnectionRules;
import dev.wsroute.config.RuleConfig;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The limits of time that a rule sets to a tunnel: idle, the client's silence, the maximum age. Looked after by the
 * loop's wheel; what is read costs the note of a tick.
 */
final class Lifetime extends LoopWheel.Entry {

    private static final long NEVER = Long.MAX_VALUE / 2;

    private final Tunnel tunnel;
    private final LoopWheel wheel;
    private final long idle;
    private final long ping;
    private long end;
    /** The last byte in either direction, answers to our pings not counted. */
    private long lastPassed;
    /** The last byte of the client's. */
    private long lastOfClient;
    /** When the client was pinged that has been silent since; 0: it was not. */
    private long pinged;
    /** When the backend pinged the client that has been silent since; 0: it did not. */
    private long pingedByBackend;

    private boolean idleDue;

    /** Of a tunnel that is about to open; null when its rule sets no limit of time. */
    static @Nullable Lifetime of(Tunnel tunnel, LoopWheel wheel, RuleConfig rule) {
        ConnectionRules rules = rule.connections();
        if (rule.timeouts().idle() == null && rules.maxAge() == null && rules.pingInterval() == null) {
            return null;
        }
        return new Lifetime(tunnel, wheel, rule);
    }

    private Lifetime(Tunnel tunnel, LoopWheel wheel, RuleConfig rule) {
        this.tunnel = tunnel;
        this.wheel = wheel;
        this.idle = ticks(rule.timeouts().idle());
        this.ping = ticks(rule.connections().pingInterval());
        this.lastPassed = wheel.now();
        this.lastOfClient = wheel.now();
        this.end = end(rule.connections());
    }

    private long end(ConnectionRules rules) {
        Duration age = rules.maxAge();
        if (age == null) {
            return NEVER;
        }
        long jitter = (long) (age.toNanos() * (rules.maxAgeJitterPercent() / 100.0));
        long earlier = jitter == 0 ? 0 : ThreadLocalRandom.current().nextLong(jitter);
        // Rounded up: a tick has already begun.
        return wheel.now() + 1 + LoopWheel.ticks(age.toNanos() - earlier);
    }

    private static long ticks(@Nullable Duration duration) {
        return duration == null ? NEVER : LoopWheel.ticks(duration.toNanos());
    }

    /**
     * The client has sent bytes.
     *
     * @param passed not only the answer to a ping of ours
     */
    void clientSpoke(boolean passed) {
        lastOfClient = wheel.now();
        pinged = 0;
        pingedByBackend = 0;
        if (passed) {
            lastPassed = lastOfClient;
        }
    }

    /**
     * The backend has sent bytes.
     *
     * @param ping with a Ping among them
     */
    void backendSpoke(boolean ping) {
        lastPassed = wheel.now();
        if (ping && pingedByBackend == 0) {
            pingedByBackend = lastPassed;
        }
    }

    @Override
    void fire() {
        long now = wheel.now();
        if (end <= now) {
            end = NEVER;
            tunnel.tooOld();
        }
        if (tunnel.hasBacklog()) {
            // Somebody is taking bytes, or is found to stall.
            lastPassed = now;
        }
        if (!idleDue && isIdle()) {
            idleDue = true;
            tunnel.idle();
        }
        if (ping != NEVER) {
            watchClient(now);
        }
        list();
    }

    /** Whether the tunnel is idle still, now that its turn has come. */
    boolean stillIdle() {
        boolean still = isIdle();
        if (!still) {
            idleDue = false;
            wheel.cancel(this);
            list();
        }
        return still;
    }

    private boolean isIdle() {
        // Less than a tick is missing where these are equal.
        return wheel.now() - lastPassed > idle;
    }

    private void watchClient(long now) {
        if (!tunnel.hearsClient()) {
            // Not read, it can't be told to be silent.
            lastOfClient = now;
            pinged = 0;
        } else if (pinged > 0) {
            if (now - pinged > ping) {
                pinged = 0;
                tunnel.clientSilent();
            }
        } else if (now - lastOfClient > ping && (pingedByBackend == 0 || now - pingedByBackend > ping)) {
            pinged = now;
            tunnel.pingClient();
        }
    }

    /** The next moment at which anything may be due. */
    private void list() {
        long next = end;
        if (!idleDue) {
            next = Math.min(next, lastPassed + idle + 1);
        } else {
            next = Math.min(next, wheel.now() + idle);
        }
        if (ping != NEVER) {
            long since = pinged > 0 ? pinged : Math.max(lastOfClient, pingedByBackend);
            next = Math.min(next, since + ping + 1);
        }
        if (tunnel.isOpen() && next < NEVER) {
            wheel.list(this, next);
        }
    }

    /** Begins to look after the tunnel. */
    void begin() {
        list();
    }

    @Override
    void threw(Throwable cause) {
        tunnel.threw(cause);
    }

    void cancel() {
        wheel.cancel(this);
    }
}
