// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.config.ConnectionRules;
import dev.wsroute.config.ConnectionRules.RateAction;
import dev.wsroute.proxy.containment.Deadline;
import dev.wsroute.proxy.metrics.TunnelMeter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How fast a client may send: so many messages and so many bytes per second. While it has to wait, it is not read, and its TCP
 * connection holds it back. Confined to the event loop.
 */
final class ClientPace {

    private final @Nullable TokenBucket messages;
    private final @Nullable TokenBucket bytes;
    private final RateAction action;
    private final Deadline timer;
    private final TunnelMeter meter;
    private boolean exceeded;
    /** As {@link System#nanoTime}; valid while {@link #waiting}. */
    private long waitingSince;

    private boolean waiting;

    /** The pace of a tunnel that is about to open; null if its rule sets none. */
    static @Nullable ClientPace of(ConnectionRules rules, LoopTasks tasks, TunnelMeter meter) {
        return rules.limitsRate() ? new ClientPace(rules, tasks.deadline(), meter) : null;
    }

    private ClientPace(ConnectionRules rules, Deadline timer, TunnelMeter meter) {
        long now = System.nanoTime();
        Integer messageRate = rules.messagesPerSecond();
        Integer messageBurst = rules.messagesBurst();
        this.messages = messageRate == null
                ? null
                : new TokenBucket(messageRate, messageBurst == null ? messageRate : messageBurst, now);
        Long byteRate = rules.bytesPerSecond();
        Long byteBurst = rules.bytesBurst();
        this.bytes = byteRate == null ? null : new TokenBucket(byteRate, byteBurst == null ? byteRate : byteBurst, now);
        this.action = rules.onRateExceeded() == null ? RateAction.Pause : rules.onRateExceeded();
        this.timer = timer;
        this.meter = meter;
    }

    /** Whether the client has to wait. */
    boolean isWaiting() {
        return waiting;
    }

    /** How many of these bytes may pass now. */
    int allowedBytes(int length) {
        return bytes == null ? length : (int) Math.min(length, bytes.available(System.nanoTime()));
    }

    /** How many messages may begin now. */
    long allowedMessages() {
        return messages == null ? Long.MAX_VALUE : messages.available(System.nanoTime());
    }

    /** These have passed. */
    void passed(long messageCount, long byteCount) {
        if (messages != null) {
            messages.take(messageCount);
        }
        if (bytes != null) {
            bytes.take(byteCount);
        }
    }

    /** The client has sent more than may pass. Returns whether its WebSocket is to be closed for that; otherwise it has to wait. */
    boolean closesNow() {
        if (!exceeded) {
            exceeded = true;
            meter.rateExceeded(action);
        }
        return action == RateAction.Close;
    }

    /**
     * Lets the client wait until it is worth while to read on.
     *
     * @param forMessages whether it has sent too many messages, and not too many bytes
     */
    void await(boolean forMessages, Runnable goOn) {
        if (!waiting) {
            waiting = true;
            waitingSince = System.nanoTime();
            timer.arm(Duration.ofNanos(nanosToWait(forMessages ? messages : bytes)), () -> {
                end();
                goOn.run();
            });
        }
    }

    private long nanosToWait(@Nullable TokenBucket of) {
        return of == null ? 1 : Math.max(1, of.nanosUntilPortion(waitingSince));
    }

    /** The client need not wait any more. */
    void end() {
        if (waiting) {
            waiting = false;
            timer.cancel();
            meter.rateWaited(System.nanoTime() - waitingSince);
        }
    }
}
