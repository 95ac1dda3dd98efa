package dev.wsroute.proxy;

import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.ProxyConfigParser.Parsed;
import dev.wsroute.proxy.config.ConfigListener;
import dev.wsroute.proxy.config.ConfigText;
import dev.wsroute.proxy.server.BoundListeners;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what the proxy serves once the first configuration is applied, and whether that failed for good. */
final class StartupLog implements ConfigListener {

    private static final Logger LOG = LoggerFactory.getLogger(StartupLog.class);

    private final CompletableFuture<@Nullable String> failure = new CompletableFuture<>();
    private final BoundListeners listeners;
    private final String engine;
    private final boolean invalidIsFinal;

    /**
     * @param engine the transport and its size, for the line
     * @param invalidIsFinal whether an invalid document ends the start: a file's does, a ConfigMap may be mended
     */
    StartupLog(BoundListeners listeners, String engine, boolean invalidIsFinal) {
        this.listeners = listeners;
        this.engine = engine;
        this.invalidIsFinal = invalidIsFinal;
    }

    /** Completes with null when the first configuration is applied, with a sentence when none will ever be. */
    CompletionStage<@Nullable String> failure() {
        return failure;
    }

    @Override
    public void applied(Parsed parsed, ConfigText text) {
        if (failure.complete(null)) {
            LOG.info(
                    "wsroute {} ({}) listens: {}",
                    WsrouteProxy.Version.text(),
                    engine,
                    String.join(", ", listeners.addresses()));
            parsed.config().routes().forEach(route -> LOG.info("{}", RouteSummary.of(route)));
        }
    }

    @Override
    public void refused(@Nullable ConfigVersion version, String reason, Cause cause) {
        if (invalidIsFinal || cause == Cause.LISTENER) {
            failure.complete(reason);
        }
    }
}
