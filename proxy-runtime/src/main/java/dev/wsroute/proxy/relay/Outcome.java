package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.metrics.AccessEntry;
import dev.wsroute.proxy.metrics.TunnelEnd;
import dev.wsroute.proxy.metrics.TunnelMeter;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is remembered of how a tunnel ended: the first thing that happened, unless a reset had to follow. */
final class Outcome {

    private final TunnelMeter meter;
    private final Consumer<AccessEntry.Tunnel> ended;
    private @Nullable TunnelEnd end;
    private @Nullable CloseReason closing;
    private int closeCode = -1;
    private boolean reset;

    Outcome(TunnelMeter meter, Consumer<AccessEntry.Tunnel> ended) {
        this.meter = meter;
        this.ended = ended;
    }

    /** @param code of a Close frame; -1 without one */
    void note(TunnelEnd how, int code) {
        if (end == null) {
            end = how;
        }
        if (closeCode < 0) {
            closeCode = code;
        }
    }

    /** The proxy had to reset; the first cause is remembered. */
    void resetFor(TunnelEnd how) {
        if (!reset) {
            end = how;
            reset = true;
        }
    }

    /** The proxy itself starts to close. */
    void closing(CloseReason reason) {
        closing = reason;
        meter.closeSent(reason);
    }

    /** Whether the proxy itself has started to close. */
    boolean isClosing() {
        return closing != null;
    }

    TunnelMeter meter() {
        return meter;
    }

    void finished(Flow up, Flow down) {
        up.report();
        down.report();
        TunnelEnd how = end == null ? TunnelEnd.CLIENT_GONE : end;
        meter.ended(how);
        ended.accept(new AccessEntry.Tunnel(
                up.messages(), up.bytes(), down.messages(), down.bytes(), closeCode, closing, how));
    }
}
