package dev.wsroute.proxy.discovery;

import dev.wsroute.proxy.kube.Api;
import dev.wsroute.proxy.kube.EndpointSlice;
import dev.wsroute.proxy.kube.ListWatch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** The endpoints of a Service, from its EndpointSlices as the API has them. */
public final class SliceSource implements EndpointSource, ListWatch.Handler<EndpointSlice> {

    private final String portName;
    private final ListWatch<EndpointSlice> watch;
    /** By name. Only touched in the watch's calls, which come one after another. */
    private final Map<String, EndpointSlice> slices = new HashMap<>();

    private volatile @Nullable Sink sink;

    /** @param worker where requests may block */
    public SliceSource(Api api, SourceKey.Slices key, ScheduledExecutorService worker) {
        this.portName = key.portName();
        this.watch = new ListWatch<>(key.toString(), api.endpointSlices(key.namespace(), key.service()), this, worker);
    }

    @Override
    public void start(Sink to) {
        sink = to;
        watch.start();
    }

    @Override
    public void close() {
        watch.close();
    }

    @Override
    public void listed(List<EndpointSlice> all) {
        slices.clear();
        all.forEach(slice -> slices.put(slice.name(), slice));
        Sink to = sink;
        if (to != null && all.isEmpty()) {
            // A Service has a slice even when it selects nothing: none at all may be an API that lost its memory.
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

    private void publish(Absence absence) {
        Sink to = sink;
        if (to != null) {
            to.publish(SliceMerge.merge(slices.values(), portName), absence);
        }
    }
}
