package dev.wsroute.proxy.routing;

import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.proxy.balance.EndpointSelector;
import dev.wsroute.proxy.request.RequestFacts;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The router of the newest configuration. Swapping touches no connection: each keeps the rule it was opened with. */
public final class Routes implements Router {

    private volatile RouteTable table = RouteTable.EMPTY;

    @Override
    public @Nullable ActiveRule route(RequestFacts request) {
        return table.find(request);
    }

    /**
     * From now on requests are routed by {@code config}.
     *
     * @param selectors the endpoint selector of a rule, by the name of its route
     */
    public void swap(ProxyConfig config, BiFunction<String, RuleConfig, EndpointSelector> selectors) {
        table = RouteTable.compile(config, selectors);
    }
}
