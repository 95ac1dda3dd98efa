// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.rebalance;

import dev.wsroute.config.BackendConfig.EndpointSliceRef;
import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.Rebalance;
import dev.wsroute.config.ReportsConfig;
import dev.wsroute.proxy.containment.ThreadRules;
import dev.wsroute.proxy.discovery.EndpointSet;
import dev.wsroute.proxy.discovery.SourceKey;
import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.drain.LiveConnection;
import dev.wsroute.proxy.drain.Shedder;
import dev.wsroute.proxy.report.ReportSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares this proxy with the others every {@link Rebalancer#EVERY}, if the configuration asks for it, and closes what it has in
 * excess. Confined to the control thread.
 */
final class ProxyRebalancer {

    private static final Logger LOG = LoggerFactory.getLogger(ProxyRebalancer.class);

    /** All reports are read once while each proxy writes so many: often enough, since little is closed in between. */
    private static final int REPORTS_PER_LOOK = 2;

    /** A report is stale if it has not changed during so many looks at all reports. */
    private static final int STALE_LOOKS = 3;

    /** An obstacle that lasts for so long is worth a line in the log. */
    private static final Duration LONG = Duration.ofMinutes(5);

    private final AskedConnections asked;
    private final Shedder shedder;
    private final ScheduledExecutorService control;
    private final LongSupplier nanoTime;
    private final Supplier<RandomGenerator> random;
    private final OtherProxies others;
    private final Peers peers;
    private final Map<SourceKey, EndpointSet> listed = new HashMap<>();
    private @Nullable ProxyBalance balance;
    private @Nullable SourceKey service;
    private @Nullable ReportSource source;
    private @Nullable ConfigVersion version;
    private Duration every = Duration.ZERO;
    private long replacements;
    private String obstacle = "";
    private long obstacleSince;
    private boolean obstacleTold;

    ProxyRebalancer(
            AskedConnections asked,
            Shedder shedder,
            ScheduledExecutorService control,
            LongSupplier nanoTime,
            Supplier<RandomGenerator> random,
            OtherProxies others) {
        this.asked = asked;
        this.shedder = shedder;
        this.control = control;
        this.nanoTime = nanoTime;
        this.random = random;
        this.others = others;
        this.peers = new Peers(others.ownPod(), nanoTime);
        control.scheduleWithFixedDelay(
                this::look, Rebalancer.EVERY.toNanos(), Rebalancer.EVERY.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** A configuration was applied. */
    void applied(ProxyConfig config) {
        if (!Objects.equals(config.version(), version)) {
            version = config.version();
            peers.changing();
        }
        EndpointSliceRef slices = config.proxies();
        ReportsConfig reports = config.reports();
        Rebalance settings = config.rebalance();
        if (settings == null || !settings.enabled() || slices == null || reports == null) {
            balance = null;
            service = null;
            follow(Duration.ZERO);
            return;
        }
        service = SourceKey.Proxies.of(slices);
        peers.listed(listed.getOrDefault(service, EndpointSet.EMPTY));
        follow(reports.every().multipliedBy(REPORTS_PER_LOOK));
        if (balance == null || !balance.settings().equals(settings)) {
            balance = new ProxyBalance(settings, random);
        }
    }

    /** @param interval zero: not at all */
    private void follow(Duration interval) {
        if (interval.equals(every)) {
            return;
        }
        every = interval;
        if (source != null) {
            source.close();
            source = null;
        }
        if (!interval.isZero()) {
            ReportSource started = others.reports().apply(interval);
            source = started;
            started.start(reports -> onControl(() -> {
                if (source == started) {
                    peers.reported(reports);
                }
            }));
        }
    }

    private void onControl(Runnable step) {
        try {
            control.execute(step);
        } catch (RejectedExecutionException e) {
            LOG.debug("Ignoring reports after shutdown");
        }
    }

    /** The endpoints of a source of proxies have changed. */
    void listed(SourceKey.Proxies proxies, EndpointSet endpoints) {
        listed.put(proxies, endpoints);
        if (proxies.equals(service)) {
            peers.listed(endpoints);
        }
    }

    /** Only these sources are still watched. */
    void retained(Set<SourceKey> sources) {
        listed.keySet().retainAll(sources);
    }

    /** Stops for good. */
    void stop() {
        onControl(() -> {
            balance = null;
            follow(Duration.ZERO);
        });
    }

    private void look() {
        assert ThreadRules.on(control);
        ProxyBalance current = balance;
        if (current == null) {
            return;
        }
        if (peers.replacements() != replacements) {
            replacements = peers.replacements();
            current.forget();
        }
        Picture picture = shedder.isDraining()
                ? new Picture.Unclear("this proxy drains connections")
                : peers.picture(version, every.multipliedBy(STALE_LOOKS));
        if (picture instanceof Picture.Clear all) {
            obstacle = "";
            List<LiveConnection> chosen =
                    current.choose(asked.others(any -> true), all, Rebalancer.EVERY, nanoTime.getAsLong());
            if (!chosen.isEmpty()) {
                asked.add(chosen);
                shedder.shed(chosen, CloseReason.PROXY_REBALANCED, Rebalancer.EVERY);
            }
        } else if (picture instanceof Picture.Unclear unclear) {
            waits(unclear.why(), current.pause());
        }
    }

    /** @param interrupted whether connections were being closed */
    private void waits(String why, boolean interrupted) {
        long now = nanoTime.getAsLong();
        if (interrupted) {
            LOG.info("No more connections are closed for balance for now: {}", why);
        }
        if (!why.equals(obstacle)) {
            obstacle = why;
            obstacleSince = now;
            obstacleTold = interrupted;
        } else if (!obstacleTold && now - obstacleSince >= LONG.toNanos()) {
            obstacleTold = true;
            LOG.info("For {} minutes, no connection could be closed for balance: {}", LONG.toMinutes(), why);
        }
    }
}
