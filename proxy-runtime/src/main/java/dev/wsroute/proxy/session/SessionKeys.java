package dev.wsroute.proxy.session;

import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.SessionKeyConfig;
import dev.wsroute.config.SessionKeyConfig.SecretRef;
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
 * Follows the key that the configuration names, and says which one holds: the newest good one of that source, else the
 * last good one, else one of this proxy's own. Lives on the control thread.
 */
public final class SessionKeys {

    private static final Logger LOG = LoggerFactory.getLogger(SessionKeys.class);

    private final Executor control;
    private final SourceFactory factory;
    private final Consumer<SessionKey> user;
    private final Consumer<SessionKey> keeper;
    private final Map<SessionKeyConfig, Followed> followed = new HashMap<>();
    private @Nullable SessionKeyConfig current;
    private @Nullable SessionKey lastGood;
    private @Nullable SessionKey inForce;

    /** Makes the source of a key, not started yet. */
    @FunctionalInterface
    public interface SourceFactory {

        KeySource create(SessionKeyConfig config);
    }

    /**
     * @param user hears of the key that holds, whenever it is another one
     * @param keeper keeps a key that was found, for the next start
     * @param lastGood what was kept when the process ended last
     */
    public SessionKeys(
            Executor control,
            SourceFactory factory,
            Consumer<SessionKey> user,
            Consumer<SessionKey> keeper,
            @Nullable SessionKey lastGood) {
        this.control = control;
        this.factory = factory;
        this.user = user;
        this.keeper = keeper;
        this.lastGood = lastGood;
    }

    /**
     * Sees to it that the document's key is followed, besides the one in use.
     *
     * @return completes when something is known of it, good or bad, or there is one to go on with
     */
    public CompletableFuture<Void> require(ProxyConfig config) {
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

    /** The document holds from now on: so does its key, and no other one is followed any more. */
    public void applied(ProxyConfig config) {
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
        SessionKey key = best();
        lastGood = key;
        if (!key.equals(inForce)) {
            if (inForce != null) {
                LOG.info("The key of session cookies is another one: clients are pinned anew");
            }
            inForce = key;
            user.accept(key);
        }
    }

    private SessionKey best() {
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
                        ? "Session cookies are made with a key of this proxy's own, since the configuration names none:"
                                + " other proxies do not know them, nor does this one after a restart"
                        : "Session cookies are made with a key of this proxy's own until the one that the configuration"
                                + " names is there");
        return SessionKey.random();
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

    private final class Followed implements KeySource.Sink {

        private final SessionKeyConfig config;
        private final KeySource source;
        private final CompletableFuture<Void> known = new CompletableFuture<>();
        private @Nullable SessionKey key;
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
                key = SessionKey.of(bytes);
                if (this == inUse()) {
                    choose();
                }
                known.complete(null);
            } catch (IllegalArgumentException e) {
                bad("The key of session cookies in " + place() + " is too short, " + e.getMessage());
            }
        }

        private void bad(String reason) {
            LOG.warn("{}; {}", reason, lastGood == null ? "there is none yet" : "the last good one stays");
            known.complete(null);
        }

        private String place() {
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
                LOG.debug("A key came after the end");
            }
        }
    }
}
