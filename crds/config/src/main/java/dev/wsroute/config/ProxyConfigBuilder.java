// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import dev.wsroute.config.BackendConfig.EndpointSliceRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds a {@link ProxyConfig} from the defaults. The result has no version. */
public final class ProxyConfigBuilder {

    private final String name;
    private List<ListenerConfig> listeners = List.of();
    private ClientAddressConfig clientAddress = ClientAddressConfig.DEFAULT;
    private LimitsConfig limits = LimitsConfig.DEFAULT;
    private ProxyDrain drain = ProxyDrain.DEFAULT;
    private AccessLogConfig accessLog = AccessLogConfig.DEFAULT;
    private @Nullable SessionKeyConfig sessionKey;
    private @Nullable TicketKeysConfig ticketKeys;
    private @Nullable ReportsConfig reports;
    private @Nullable EndpointSliceRef proxies;
    private @Nullable Rebalance rebalance;
    private List<RouteConfig> routes = List.of();

    ProxyConfigBuilder(String name) {
        this.name = name;
    }

    public ProxyConfigBuilder listeners(List<ListenerConfig> value) {
        listeners = value;
        return this;
    }

    public ProxyConfigBuilder clientAddress(ClientAddressConfig value) {
        clientAddress = value;
        return this;
    }

    public ProxyConfigBuilder limits(LimitsConfig value) {
        limits = value;
        return this;
    }

    public ProxyConfigBuilder drain(ProxyDrain value) {
        drain = value;
        return this;
    }

    public ProxyConfigBuilder accessLog(AccessLogConfig value) {
        accessLog = value;
        return this;
    }

    public ProxyConfigBuilder sessionKey(@Nullable SessionKeyConfig value) {
        sessionKey = value;
        return this;
    }

    public ProxyConfigBuilder ticketKeys(@Nullable TicketKeysConfig value) {
        ticketKeys = value;
        return this;
    }

    public ProxyConfigBuilder reports(@Nullable ReportsConfig value) {
        reports = value;
        return this;
    }

    public ProxyConfigBuilder proxies(@Nullable EndpointSliceRef value) {
        proxies = value;
        return this;
    }

    public ProxyConfigBuilder rebalance(@Nullable Rebalance value) {
        rebalance = value;
        return this;
    }

    public ProxyConfigBuilder routes(List<RouteConfig> value) {
        routes = value;
        return this;
    }

    public ProxyConfig build() {
        return new ProxyConfig(
                SchemaVersion.of(routes).toString(),
                null,
                name,
                listeners,
                clientAddress,
                limits,
                drain,
                accessLog,
                sessionKey,
                ticketKeys,
                reports,
                proxies,
                rebalance,
                routes);
    }
}
