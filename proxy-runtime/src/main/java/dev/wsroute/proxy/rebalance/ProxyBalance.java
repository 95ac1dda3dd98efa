// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.rebalance;

import dev.wsroute.config.Rebalance;
import dev.wsroute.proxy.drain.LiveConnection;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many connections this proxy has more than its fair share, and which of them it closes. Confined to the control thread. */
final class ProxyBalance {

    private static final Logger LOG = LoggerFactory.getLogger(ProxyBalance.class);

    private final Rebalance settings;
    private final RandomChoice choice;
    private final Allowance allowance;
    private final Patience patience = new Patience();
    private boolean shedding;
    private int closed;

    ProxyBalance(Rebalance settings, Supplier<RandomGenerator> random) {
        this.settings = settings;
        this.choice = new RandomChoice(random, settings.minAge());
        this.allowance = new Allowance(settings.percentPerMinute());
    }

    Rebalance settings() {
        return settings;
    }

    /**
     * Nothing is to be closed now.
     *
     * @return whether something was to be closed before
     */
    boolean pause() {
        boolean before = shedding;
        shedding = false;
        allowance.reset();
        return before;
    }

    /** There are other proxies: what was tried before means nothing. */
    void forget() {
        patience.forget();
    }

    /**
     * Chooses the connections to close.
     *
     * @param own all connections of this proxy that were not asked to close
     * @param all what all proxies have
     * @param time since the last choice
     * @param now in nanoseconds
     */
    List<LiveConnection> choose(List<LiveConnection> own, Picture.Clear all, Duration time, long now) {
        double share = all.share();
        int excess = Excess.surplus(own.size(), share, settings.thresholdPercent(), shedding);
        double leaving = leaving(all, share);
        Patience.Advice advice = patience.look(excess, leaving, now);
        if (advice != Patience.Advice.CLOSE || excess == 0) {
            end(advice);
            return List.of();
        }
        begin(own.size(), all, share);
        List<LiveConnection> chosen = choice.of(own, Math.min(excess, allowance.after(time, own.size())));
        allowance.use(chosen.size());
        patience.closed(chosen.size(), leaving);
        closed += chosen.size();
        return chosen;
    }

    /** The part of closed clients that a load balancer that chooses at random sends to proxies without an excess. */
    private double leaving(Picture.Clear all, double share) {
        int size = all.connections().size();
        long crowded = all.connections().values().stream()
                .filter(count -> count > Excess.end(share, settings.thresholdPercent()))
                .count();
        return (double) Math.max(1, Math.min(size - 1, size - crowded)) / size;
    }

    private void begin(int own, Picture.Clear all, double share) {
        if (!shedding) {
            shedding = true;
            closed = 0;
            LOG.info(
                    "Closing connections for balance: this proxy has {}, and its share of those of {} proxies is {}",
                    own,
                    all.connections().size(),
                    Math.round(share));
        }
    }

    private void end(Patience.Advice advice) {
        if (advice == Patience.Advice.GIVE_UP) {
            LOG.warn(
                    "No connection is closed for balance in the next {} minutes: {} of them have hardly reduced the excess of"
                            + " this proxy, since clients come back to it",
                    Patience.REST.toMinutes(),
                    patience.sum());
        } else if (shedding) {
            LOG.info("This proxy has no more connections than its share, after {} were closed", closed);
        }
        pause();
    }
}
