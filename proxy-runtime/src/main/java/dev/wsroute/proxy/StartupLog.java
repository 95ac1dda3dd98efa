// SPDX-License-Identifier: Apache-2.0
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

/** Logs what the proxy serves once the first configuration is applied, or reports that none can be applied. */
final class StartupLog implements ConfigListener {

    private static final Logger LOG = LoggerFactory.getLogger(StartupLog.class);

    private final CompletableFuture<@Nullable String> failure = new CompletableFuture<>();
    private final BoundListeners listeners;
    private final String engine;
    private final boolean invalidIsFinal;

    /**
     * @param engine transport, for the log line
     * @param invalidIsFinal whether an invalid document ends the start: true for a file, false for a ConfigMap, which
     *     may be corrected
     */
    StartupLog(BoundListeners listeners, String engine, boolean invalidIsFinal) {
        this.listeners = listeners;
        this.engine = engine;
        this.invalidIsFinal = invalidIsFinal;
    }

    /** Completes with null when the first configuration is applied, or with a sentence if none can be. */
    CompletionStage<@Nullable String> failure() {
        return failure;
    }

    @Override
    public void applied(Parsed parsed, ConfigText text) {
        if (failure.complete(null)) {
            LOG.info(
                    "wsroute {} ({}) listening: {}",
                    ProxyVersion.text(),
                    engine,
                    String.join(", ", listeners.addresses()));
            parsed.config().routes().forEach(route -> LOG.info("{}", RouteSummary.of(route)));
        }
    }

    @Override
    public void refused(@Nullable ConfigVersion version, String reason, RefusalCause cause) {
        if (invalidIsFinal || cause == RefusalCause.LISTENER) {
            failure.complete(reason);
        }
    }
}
