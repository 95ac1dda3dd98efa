// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.topology;

import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyConfigParser.Parsed;
import dev.wsroute.proxy.balance.Balancing;
import dev.wsroute.proxy.balance.OwnZone;
import dev.wsroute.proxy.config.ConfigListener;
import dev.wsroute.proxy.config.ConfigText;
import dev.wsroute.proxy.discovery.Endpoint;
import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.discovery.EndpointListener;
import dev.wsroute.proxy.discovery.EndpointSet;
import dev.wsroute.proxy.discovery.SourceKey;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out the zone of this proxy, and which part of the proxies runs there: from the EndpointSlices of the proxies' own Service.
 * A proxy without them has the zone of its flag. A zone that is known once stays known, since a pod does not move. Confined to
 * the control thread.
 */
public final class ProxyZone implements EndpointListener, ConfigListener {

    private static final Logger LOG = LoggerFactory.getLogger(ProxyZone.class);

    private final @Nullable String podName;
    private final Balancing balancing;
    private @Nullable String name;
    private boolean warned;

    /**
     * @param flag the zone, whatever the slices say of it; null if only they tell
     * @param podName this proxy's pod; null outside a pod
     */
    public ProxyZone(@Nullable String flag, @Nullable String podName, Balancing balancing) {
        this.podName = flag == null ? podName : null;
        this.balancing = balancing;
        this.name = flag;
        balancing.zone(new OwnZone(flag, 0));
    }

    @Override
    public void changed(SourceKey source, EndpointSet endpoints) {
        if (source instanceof SourceKey.Proxies) {
            find(endpoints);
            List<Endpoint> ready = endpoints.endpoints().stream()
                    .filter(endpoint -> endpoint.ready() && !endpoint.terminating())
                    .toList();
            long here = ready.stream().filter(this::isHere).count();
            LOG.debug("{} of {} ready proxies run in zone {}", here, ready.size(), name);
            balancing.zone(new OwnZone(name, ready.isEmpty() ? 0 : (double) here / ready.size()));
        }
    }

    private void find(EndpointSet proxies) {
        for (Endpoint endpoint : proxies.endpoints()) {
            String zone = endpoint.zones().zone();
            if (podName != null && podName.equals(endpoint.podName()) && zone != null && !zone.equals(name)) {
                name = zone;
                LOG.info("This proxy runs in zone {}", zone);
            }
        }
    }

    private boolean isHere(Endpoint endpoint) {
        return name != null && name.equals(endpoint.zones().zone());
    }

    @Override
    public void leaving(SourceKey source, EndpointKey endpoint) {
        // The set says so, too.
    }

    @Override
    public void applied(Parsed parsed, ConfigText text) {
        ProxyConfig config = parsed.config();
        List<String> asking = config.routes().stream()
                .filter(route -> route.rules().stream()
                        .anyMatch(rule -> rule.loadBalancing().topology() != null))
                .map(route -> route.name())
                .toList();
        if (name != null || asking.isEmpty()) {
            warned = false;
        } else if (!warned) {
            warned = true;
            LOG.warn(
                    "The zone of this proxy is unknown, so topology has no effect in {}: {}",
                    asking,
                    config.proxies() == null
                            ? "start the proxy with --zone"
                            : "the EndpointSlices of the proxies name no zone for its pod, or not yet");
        }
    }

    @Override
    public void refused(@Nullable ConfigVersion version, String reason, RefusalCause cause) {
        // The previous one stays in effect.
    }
}
