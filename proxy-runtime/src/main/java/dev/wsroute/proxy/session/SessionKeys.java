// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.session;

import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.SessionKeyConfig;
import dev.wsroute.config.SessionKeyConfig.SecretRef;
import dev.wsroute.proxy.containment.ThreadRules;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the key that the configuration names and selects the key to use: the newest valid one of that source, else
 * the last valid one, else a random one. Confined to the control thread.
 */
public final class SessionKeys {

    private static final Logger LOG = LoggerFactory.getLogger(SessionKeys.class);

    private final Executor control;
    private final KeySourceFactory factory;
    private final Consumer<SessionCookieKey> user;
    private final Consumer<SessionCookieKey> keeper;
    private final Map<SessionKeyConfig, Followed> followed = new HashMap<>();
    private @Nullable SessionKeyConfig current;
    private @Nullable SessionCookieKey lastGood;
    private @Nullable SessionCookieKey inForce;

    /** Creates the source of a key without starting it. */
    @FunctionalInterface
    public interface KeySourceFactory {

        KeySource create(SessionKeyConfig config);
    }

    /**
     * @param user receives the key to use whenever it changes
     * @param keeper stores a key for the next start
     * @param lastGood key that a previous process stored
     */
    public SessionKeys(
            Executor control,
            KeySourceFactory factory,
            Consumer<SessionCookieKey> user,
            Consumer<SessionCookieKey> keeper,
            @Nullable SessionCookieKey lastGood) {
        this.control = control;
        this.factory = factory;
        this.user = user;
        this.keeper = keeper;
        this.lastGood = lastGood;
    }

    /**
     * Starts following the document's key in addition to the current one.
     *
     * @return completes when its source has reported, or at once if there is a key to use
     */
    public CompletableFuture<Void> require(ProxyConfig config) {
        assert ThreadRules.on(control);
        SessionKeyConfig key = wanted(config);
        if (key == null) {
            return CompletableFuture.completedFuture(null);
        }
        Followed source = followed.get(key);
        if (source == null) {
            source = new Followed(key, factory.create(key));
            followed.put(key, source);
            source.source.start(source);
        }
        return lastGood == null ? source.known : CompletableFuture.completedFuture(null);
    }

    /** Switches to the key of an applied document and stops following others. */
    public void applied(ProxyConfig config) {
        assert ThreadRules.on(control);
        current = wanted(config);
        followed.entrySet().removeIf(entry -> {
            boolean over = !entry.getKey().equals(current);
            if (over) {
                entry.getValue().close();
            }
            return over;
        });
        if (usesSessions(config)) {
            choose();
        }
    }

    private void choose() {
        SessionCookieKey key = best();
        lastGood = key;
        if (!key.equals(inForce)) {
            if (inForce != null) {
                LOG.info("The session key has changed; existing session cookies are no longer valid");
            }
            inForce = key;
            user.accept(key);
        }
    }

    private SessionCookieKey best() {
        Followed source = inUse();
        if (source != null && source.key != null) {
            if (!source.key.equals(lastGood)) {
                keeper.accept(source.key);
            }
            return source.key;
        }
        if (lastGood != null) {
            return lastGood;
        }
        LOG.warn(
                current == null
                        ? "The configuration names no session key; using a random one: session cookies are not valid"
                                + " on other proxies or after a restart"
                        : "The configured session key is not available yet; using a random one until it is");
        return SessionCookieKey.random();
    }

    private @Nullable Followed inUse() {
        return current == null ? null : followed.get(current);
    }

    private static @Nullable SessionKeyConfig wanted(ProxyConfig config) {
        return usesSessions(config) ? config.sessionKey() : null;
    }

    private static boolean usesSessions(ProxyConfig config) {
        return config.routes().stream()
                .flatMap(route -> route.rules().stream())
                .anyMatch(rule -> rule.sessionPersistence() != null);
    }

    private final class Followed implements KeySource.KeySink {

        private final SessionKeyConfig config;
        private final KeySource source;
        private final CompletableFuture<Void> known = new CompletableFuture<>();
        private @Nullable SessionCookieKey key;
        private boolean closed;

        Followed(SessionKeyConfig config, KeySource source) {
            this.config = config;
            this.source = source;
        }

        void close() {
            closed = true;
            known.complete(null);
            source.close();
        }

        @Override
        public void offer(byte[] bytes) {
            onControl(() -> take(bytes));
        }

        @Override
        public void unavailable(String reason) {
            onControl(() -> bad(reason));
        }

        private void take(byte[] bytes) {
            try {
                key = SessionCookieKey.of(bytes);
                if (this == inUse()) {
                    choose();
                }
                known.complete(null);
            } catch (IllegalArgumentException e) {
                bad("The session key in " + location() + " is too short: " + e.getMessage());
            }
        }

        private void bad(String reason) {
            LOG.warn(
                    "{}; {}",
                    reason,
                    lastGood == null ? "there is no session key yet" : "keeping the last valid session key");
            known.complete(null);
        }

        private String location() {
            SecretRef secret = config.secret();
            return secret == null
                    ? "the file " + config.file()
                    : secret.key() + " of the Secret " + secret.namespace() + "/" + secret.name();
        }

        private void onControl(Runnable step) {
            try {
                control.execute(() -> {
                    if (!closed) {
                        step.run();
                    }
                });
            } catch (RejectedExecutionException e) {
                LOG.debug("Ignoring a session key after shutdown");
            }
        }
    }
}
