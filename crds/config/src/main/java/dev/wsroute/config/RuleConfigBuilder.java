// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import dev.wsroute.config.RuleConfig.BackendDrain;
import dev.wsroute.config.RuleConfig.LoadBalancing;
import dev.wsroute.config.RuleConfig.PlainHttp;
import dev.wsroute.config.RuleConfig.Timeouts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds a {@link RuleConfig} from the defaults. */
public final class RuleConfigBuilder {

    private final String name;
    private List<MatchConfig> matches = List.of();
    private @Nullable UrlRewrite urlRewrite;
    private @Nullable HeaderModifier requestHeaderModifier;
    private @Nullable HeaderModifier responseHeaderModifier;
    private @Nullable Trailers trailers;
    private List<BackendConfig> backends = List.of();
    private PlainHttp plainHttp = PlainHttp.DEFAULT;
    private LoadBalancing loadBalancing = LoadBalancing.DEFAULT;
    private @Nullable SessionPersistence sessionPersistence;
    private Timeouts timeouts = Timeouts.DEFAULT;
    private ConnectionRules connections = ConnectionRules.DEFAULT;
    private @Nullable Integer connectRetries;
    private BackendDrain drain = BackendDrain.DEFAULT;
    private @Nullable AccessConfig access;

    RuleConfigBuilder(String name) {
        this.name = name;
    }

    public RuleConfigBuilder matches(List<MatchConfig> value) {
        matches = value;
        return this;
    }

    public RuleConfigBuilder urlRewrite(@Nullable UrlRewrite value) {
        urlRewrite = value;
        return this;
    }

    public RuleConfigBuilder requestHeaderModifier(@Nullable HeaderModifier value) {
        requestHeaderModifier = value;
        return this;
    }

    public RuleConfigBuilder responseHeaderModifier(@Nullable HeaderModifier value) {
        responseHeaderModifier = value;
        return this;
    }

    public RuleConfigBuilder trailers(@Nullable Trailers value) {
        trailers = value;
        return this;
    }

    public RuleConfigBuilder backends(List<BackendConfig> value) {
        backends = value;
        return this;
    }

    public RuleConfigBuilder plainHttp(PlainHttp value) {
        plainHttp = value;
        return this;
    }

    public RuleConfigBuilder loadBalancing(LoadBalancing value) {
        loadBalancing = value;
        return this;
    }

    public RuleConfigBuilder sessionPersistence(@Nullable SessionPersistence value) {
        sessionPersistence = value;
        return this;
    }

    public RuleConfigBuilder timeouts(Timeouts value) {
        timeouts = value;
        return this;
    }

    public RuleConfigBuilder connections(ConnectionRules value) {
        connections = value;
        return this;
    }

    public RuleConfigBuilder connectRetries(int value) {
        connectRetries = value;
        return this;
    }

    public RuleConfigBuilder drain(BackendDrain value) {
        drain = value;
        return this;
    }

    public RuleConfigBuilder access(@Nullable AccessConfig value) {
        access = value;
        return this;
    }

    public RuleConfig build() {
        return new RuleConfig(
                name,
                matches,
                urlRewrite,
                requestHeaderModifier,
                responseHeaderModifier,
                trailers,
                backends,
                plainHttp,
                loadBalancing,
                sessionPersistence,
                timeouts,
                connectRetries == null ? connections : connections.withConnectRetries(connectRetries),
                drain,
                access);
    }
}
