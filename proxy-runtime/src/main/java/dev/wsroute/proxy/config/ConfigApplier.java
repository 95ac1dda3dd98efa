// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.config;

import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.InvalidConfigException;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyConfigParser;
import dev.wsroute.config.ProxyConfigParser.Parsed;
import dev.wsroute.proxy.config.ConfigListener.RefusalCause;
import dev.wsroute.proxy.containment.ThreadRules;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies documents, completely or not at all: parse, wait briefly for the endpoints of all backends and the session
 * key, bind, swap the snapshot, accept, release what is no longer needed. If a listener cannot be bound, it retries
 * until a newer document arrives. Confined to the control thread.
 */
public final class ConfigApplier implements ConfigSource.ConfigSink {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigApplier.class);

    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);
    private static final int LONGEST_REASON = 2500;

    private final ProxyConfigParser parser = new ProxyConfigParser();
    private final ScheduledExecutorService control;
    private final ActiveConfig active;
    private final Listeners listeners;
    private final Duration patience;
    private final Retries retries;
    private final List<ConfigListener> observers = new ArrayList<>();
    private final List<Function<ProxyConfig, @Nullable String>> checks = new ArrayList<>();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private @Nullable ConfigText newest;
    private @Nullable Parsed pending;
    private boolean refused;
    private volatile boolean frozen;

    /** @param patience how long to wait for endpoints that are not known yet */
    public ConfigApplier(
            ScheduledExecutorService control, ActiveConfig active, Listeners listeners, Duration patience) {
        this.control = control;
        this.active = active;
        this.listeners = listeners;
        this.patience = patience;
        this.retries = new Retries(control, FIRST_RETRY, LONGEST_RETRY);
        checks.add(active::shortage);
    }

    /**
     * Adds a check of valid documents, whether this process can do what they ask for. Call before the first document is offered.
     *
     * @param check returns one sentence, or null
     */
    public void addCheck(Function<ProxyConfig, @Nullable String> check) {
        checks.add(check);
    }

    /** Adds a listener. Call before the first document is offered. */
    public void addListener(ConfigListener observer) {
        observers.add(observer);
    }

    /** Completes when a document is applied and the endpoints of all its backends are known. */
    public CompletionStage<Void> ready() {
        return ready;
    }

    /**
     * Ignores all further documents, since the proxy is closing its listeners and must not open new ones. Thread-safe.
     */
    public void freeze() {
        frozen = true;
    }

    @Override
    public void offer(ConfigText text) {
        if (frozen) {
            LOG.info("Ignoring a new configuration: the proxy is shutting down");
            return;
        }
        try {
            control.execute(() -> guarded(() -> take(text)));
        } catch (RejectedExecutionException e) {
            LOG.debug("Ignoring a document after shutdown");
        }
    }

    @Override
    public void unavailable(String reason) {
        LOG.warn("{}; keeping the current configuration", reason);
    }

    /** Stops watching endpoints that neither the configuration nor a connection uses. */
    public void releaseUnused() {
        active.release(pending == null ? null : pending.config());
    }

    private void take(ConfigText text) {
        assert ThreadRules.on(control);
        if (text.equals(newest)) {
            return;
        }
        newest = text;
        pending = null;
        retries.stop();
        Parsed parsed;
        try {
            parsed = parser.parse(text.text(), text.format(), text.strict());
        } catch (InvalidConfigException e) {
            refuse(e.version(), String.valueOf(e.getMessage()), RefusalCause.INVALID);
            return;
        }
        for (Function<ProxyConfig, @Nullable String> check : checks) {
            String fault = check.apply(parsed.config());
            if (fault != null) {
                refuse(parsed.config().version(), fault, RefusalCause.INVALID);
                return;
            }
        }
        if (parsed.config().equals(active.current())) {
            confirm(parsed, text);
            return;
        }
        pending = parsed;
        CompletableFuture<Void> known = active.known(parsed.config(), patience);
        if (known.isDone()) {
            commit(parsed, text, known);
            return;
        }
        known.copy()
                .completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS)
                .thenRunAsync(() -> guarded(() -> commit(parsed, text, known)), control);
    }

    /** The current document was offered again, perhaps after one that was refused. */
    private void confirm(Parsed parsed, ConfigText text) {
        if (refused) {
            refused = false;
            observers.forEach(observer -> observer.applied(parsed, text));
        }
    }

    private void commit(Parsed parsed, ConfigText text, CompletableFuture<Void> known) {
        if (!parsed.equals(pending)) {
            return;
        }
        ProxyConfig config = parsed.config();
        Listeners.ListenerChange change;
        try {
            change = listeners.prepare(config.listeners());
        } catch (IOException e) {
            notBound(config, String.valueOf(e.getMessage()));
            retries.schedule(() -> guarded(() -> commit(parsed, text, known)));
            return;
        }
        pending = null;
        retries.stop();
        active.swap(config, change);
        refused = false;
        active.closeOrphans();
        parsed.warnings().forEach(LOG::warn);
        releaseUnused();
        if (!parsed.ignoredFields().isEmpty()) {
            LOG.warn("Ignoring unknown fields in the configuration: {}", parsed.ignoredFields());
        }
        LOG.info(
                "Configuration {} applied, with {} route(s)",
                config.version() == null ? "without version" : config.version(),
                config.routes().size());
        observers.forEach(observer -> observer.applied(parsed, text));
        known.thenRun(() -> ready.complete(null));
    }

    private void notBound(ProxyConfig config, String reason) {
        if (retries.isNews(reason)) {
            refuse(config.version(), reason, RefusalCause.LISTENER);
        }
    }

    /** Reports a bug as a refusal, so that a half-applied document does not go unnoticed. */
    private void guarded(Runnable step) {
        if (frozen) {
            return;
        }
        try {
            step.run();
        } catch (RuntimeException e) {
            if (frozen) {
                // The threads that it needs may have stopped.
                LOG.debug("The proxy shut down while applying a configuration", e);
                return;
            }
            LOG.error("Failed to apply a configuration", e);
            refuse(null, "The configuration could not be applied: " + e, RefusalCause.INVALID);
        }
    }

    private void refuse(@Nullable ConfigVersion version, String why, RefusalCause cause) {
        if (frozen) {
            LOG.debug("Not applied, since the proxy is shutting down: {}", why);
            return;
        }
        refused = true;
        // The reason may quote the document, and is written to a ConfigMap that all proxies of a route share. Limit its
        // size.
        String reason = why.length() <= LONGEST_REASON ? why : why.substring(0, LONGEST_REASON - 3) + "...";
        LOG.error("Configuration refused; keeping the current one: {}", reason);
        observers.forEach(observer -> observer.refused(version, reason, cause));
    }
}
