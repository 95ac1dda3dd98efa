// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.discovery;

import dev.wsroute.config.UnusableEndpoint;
import dev.wsroute.config.UsableEndpoints;
import dev.wsroute.proxy.kube.EndpointSlice;
import dev.wsroute.proxy.kube.KubernetesApi;
import dev.wsroute.proxy.kube.ListWatch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endpoints of a Service, from a watch of its EndpointSlices. Of a Service in another namespace a refusal counts as an
 * answer without news, since that namespace may withdraw the right at any time: the proxy neither waits for it to become ready
 * nor forgets the endpoints that it knows.
 */
public final class SliceSource implements EndpointSource, ListWatch.Handler<EndpointSlice> {

    private static final Logger LOG = LoggerFactory.getLogger(SliceSource.class);

    private final String portName;
    private final SourceKey key;
    private final UsableEndpoints usable;
    private final boolean elsewhere;
    private final ListWatch<EndpointSlice> watch;
    /** By name. Accessed only in callbacks of the watch, which do not overlap. */
    private final Map<String, EndpointSlice> slices = new HashMap<>();

    private Map<UnusableEndpoint, Integer> unused = Map.of();
    private boolean refused;

    private volatile @Nullable EndpointSink sink;

    /**
     * @param worker may block in requests
     * @param usable decides which endpoints of the slices are used
     * @param elsewhere whether the Service is in another namespace than the proxy
     */
    public SliceSource(
            KubernetesApi api,
            SourceKey.Slices key,
            ScheduledExecutorService worker,
            UsableEndpoints usable,
            boolean elsewhere) {
        this(api, key, key, worker, usable, elsewhere);
    }

    /**
     * The proxies. If one may not list them, it knows none, and serves its clients nevertheless.
     *
     * @param worker may block in requests
     * @param loopback whether they may have loopback addresses
     */
    public SliceSource(KubernetesApi api, SourceKey.Proxies key, ScheduledExecutorService worker, boolean loopback) {
        this(api, key, key.slices(), worker, new UsableEndpoints(loopback, Set.of(), Set.of(), Set.of()), true);
    }

    private SliceSource(
            KubernetesApi api,
            SourceKey key,
            SourceKey.Slices slices,
            ScheduledExecutorService worker,
            UsableEndpoints usable,
            boolean elsewhere) {
        this.key = key;
        this.portName = slices.portName();
        this.usable = usable;
        this.elsewhere = elsewhere;
        this.watch =
                new ListWatch<>(key.toString(), api.endpointSlices(slices.namespace(), slices.service()), this, worker);
    }

    @Override
    public void start(EndpointSink to) {
        sink = to;
        watch.start();
    }

    @Override
    public void close() {
        watch.close();
    }

    @Override
    public void listed(List<EndpointSlice> all) {
        refused = false;
        slices.clear();
        all.forEach(slice -> slices.put(slice.name(), slice));
        EndpointSink to = sink;
        if (to != null && all.isEmpty()) {
            // A Service has a slice even if it selects no pod. No slice at all may mean that the API lost its data.
            to.nothingKnown();
        } else {
            publish(Absence.UNKNOWN);
        }
    }

    @Override
    public void changed(EndpointSlice slice) {
        slices.put(slice.name(), slice);
        publish(Absence.TO_CONFIRM);
    }

    @Override
    public void deleted(EndpointSlice slice) {
        slices.remove(slice.name());
        publish(Absence.TO_CONFIRM);
    }

    @Override
    public void forbidden() {
        EndpointSink to = sink;
        if (to != null && elsewhere && !refused) {
            refused = true;
            to.nothingKnown();
        }
    }

    private void publish(Absence absence) {
        EndpointSink to = sink;
        if (to != null) {
            SliceMerge.Merged merged = SliceMerge.merge(slices.values(), portName, usable);
            logUnused(merged.unused());
            to.publish(merged.endpoints(), absence);
        }
    }

    private void logUnused(Map<UnusableEndpoint, Integer> left) {
        if (!left.equals(unused)) {
            unused = left;
            left.forEach((fault, count) -> LOG.warn("{}: ignoring {} endpoint(s): {}", key, count, fault.plural()));
        }
    }
}
