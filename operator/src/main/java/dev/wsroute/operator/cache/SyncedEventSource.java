package dev.wsroute.operator.cache;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;

/**
 * A watch whose first list is no news: every route is looked at after the start anyway, with all watches in sync. JOSDK
 * would keep each object of that list, whole, until the start has ended, and then have the routes looked at once more for
 * each: with thousands of routes that is most of the memory and of the work of a start.
 *
 * @param <R> kind of what is watched
 */
public final class SyncedEventSource<R extends HasMetadata> extends InformerEventSource<R, WebSocketRoute> {

    private volatile boolean synced;

    public SyncedEventSource(
            InformerEventSourceConfiguration<R> configuration, EventSourceContext<WebSocketRoute> context) {
        super(configuration, context);
    }

    /**
     * Returns once everything is listed and found by its route. What came while the list was being looked through is
     * looked at again, so that nothing is lost in between.
     */
    @Override
    public synchronized void start() {
        super.start();
        synced = true;
        list().forEach(super::onAdd);
    }

    @Override
    public void onAdd(R object) {
        if (synced) {
            super.onAdd(object);
        }
    }

    @Override
    public void onUpdate(R before, R object) {
        if (synced) {
            super.onUpdate(before, object);
        }
    }

    @Override
    public void onDelete(R object, boolean unknown) {
        if (synced) {
            super.onDelete(object, unknown);
        }
    }
}
