// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.config.ConnectionRules;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.proxy.drain.ConnectionRights;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The time limits of a tunnel: idle, silence of the client, maximum age, the end of the right to it. The loop's wheel checks them;
 * input only records the current tick.
 */
final class Lifetime extends LoopWheel.WheelEntry {

    private static final long NEVER = Long.MAX_VALUE / 2;

    private final Tunnel tunnel;
    private final LoopWheel wheel;
    private final long idle;
    private final long ping;
    private long end;
    /** Tick of the last byte in either direction, not counting answers to the proxy's Pings. */
    private long lastPassed;
    /** Tick of the client's last byte. */
    private long lastOfClient;
    /** Tick of the proxy's unanswered Ping to the client; 0 for none. */
    private long pinged;
    /** Tick of the backend's unanswered Ping to the client; 0 for none. */
    private long pingedByBackend;

    private boolean idleDue;
    /** Null if the right to the tunnel does not end, or has ended. */
    private @Nullable RightsClock rights;

    /** The limits of a tunnel that is about to open; null if it has none. */
    static @Nullable Lifetime of(Tunnel tunnel, LoopWheel wheel, RuleConfig rule, ConnectionRights rights) {
        ConnectionRules rules = rule.connections();
        if (rule.timeouts().idle() == null && rules.maxAge() == null && rules.pingInterval() == null && !rights.end()) {
            return null;
        }
        return new Lifetime(tunnel, wheel, rule, rights);
    }

    private Lifetime(Tunnel tunnel, LoopWheel wheel, RuleConfig rule, ConnectionRights rights) {
        this.rights = rights.end() ? new RightsClock(rights, System::currentTimeMillis) : null;
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
        // Rounded up, since the current tick has already begun.
        return wheel.now() + 1 + LoopWheel.ticks(age.toNanos() - earlier);
    }

    private static long ticks(@Nullable Duration duration) {
        return duration == null ? NEVER : LoopWheel.ticks(duration.toNanos());
    }

    /**
     * The client has sent bytes.
     *
     * @param passed whether they included more than an answer to the proxy's Ping
     */
    void clientSent(boolean passed) {
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
     * @param ping whether they included a Ping
     */
    void backendSent(boolean ping) {
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
        watchRights();
        if (tunnel.hasBacklog() || tunnel.holdsBack()) {
            // Not idle: bytes are being sent, or wait. If a side does not read them, the stall watch finds it.
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

    private void watchRights() {
        if (rights != null && rights.hasEnded()) {
            rights = null;
            tunnel.rightsEnded();
        }
    }

    /** Whether the tunnel is still idle. Called when the queued close is executed. */
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
        // Equal values differ by less than a tick.
        return wheel.now() - lastPassed > idle;
    }

    private void watchClient(long now) {
        if (!tunnel.isReadingClient()) {
            // A client that the proxy does not read from cannot be considered silent.
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

    /** The next tick at which a limit may be due. */
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
        if (rights != null) {
            next = Math.min(next, wheel.now() + rights.ticksToNextLook());
        }
        if (tunnel.isOpen() && next < NEVER) {
            wheel.list(this, next);
        }
    }

    /** Starts checking the limits. */
    void begin() {
        watchRights();
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
