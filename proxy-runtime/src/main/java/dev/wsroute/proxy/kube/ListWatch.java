package dev.wsroute.proxy.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows some objects of the API: a list, then a watch from there, and again a list whenever the watch is lost for
 * good, for ever. Unlike fabric8's informers it tells a list from an event: what is missing in a list that follows an
 * interruption is loss of news, what a watch says is news.
 *
 * @param <T> kind of the objects
 */
public final class ListWatch<T extends HasMetadata> implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ListWatch.class);
    private static final long SERVER_TIMEOUT_SECONDS = 600;
    private static final Duration ROTATION = Duration.ofMinutes(4);

    private final String what;
    private final FilterWatchListDeletable<T, ? extends KubernetesResourceList<T>, ?> objects;
    private final Handler<T> handler;
    private final ScheduledExecutorService worker;
    private final Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));
    private @Nullable Watch watch;
    private @Nullable ScheduledFuture<?> rotation;
    /** Counts lists, so that what an abandoned watch still says is not heard. */
    private int round;

    private boolean closed;

    /** Whether the last request failed: said once, not at every attempt. Only one attempt runs at a time. */
    private volatile boolean failing;

    /** Hears of the objects, one call after another. */
    public interface Handler<T> {

        /** These are all. */
        void listed(List<T> objects);

        /** One was added or changed. */
        void changed(T object);

        /** One was deleted. */
        void deleted(T object);
    }

    /**
     * @param what the objects, for the log
     * @param worker where requests may block
     */
    public ListWatch(
            String what,
            FilterWatchListDeletable<T, ? extends KubernetesResourceList<T>, ?> objects,
            Handler<T> handler,
            ScheduledExecutorService worker) {
        this.what = what;
        this.objects = objects;
        this.handler = handler;
        this.worker = worker;
    }

    /** Begins; returns at once. */
    public void start() {
        again(Duration.ZERO);
    }

    @Override
    public synchronized void close() {
        closed = true;
        drop();
    }

    private synchronized void again(Duration delay) {
        if (!closed) {
            try {
                worker.schedule(this::listAndWatch, delay.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                log.debug("{}: no longer followed", what);
            }
        }
    }

    private void listAndWatch() {
        int now;
        synchronized (this) {
            if (closed) {
                return;
            }
            drop();
            now = ++round;
        }
        try {
            KubernetesResourceList<T> list = objects.list();
            synchronized (this) {
                if (closed || now != round) {
                    return;
                }
                handler.listed(list.getItems());
            }
            ListOptions from = new ListOptionsBuilder()
                    .withResourceVersion(list.getMetadata().getResourceVersion())
                    .withAllowWatchBookmarks(true)
                    .withTimeoutSeconds(SERVER_TIMEOUT_SECONDS)
                    .build();
            Watch opened = objects.watch(from, new Events(now));
            keep(now, opened);
            backoff.reset();
            if (failing) {
                failing = false;
                log.info("{}: the Kubernetes API answers again", what);
            }
        } catch (KubernetesClientException e) {
            Duration wait = backoff.next();
            if (!failing) {
                failing = true;
                log.warn("{}: the Kubernetes API cannot be asked, trying again until it can: {}", what, reason(e));
            } else {
                log.debug("{}: trying again in {} ms: {}", what, wait.toMillis(), reason(e));
            }
            again(wait);
        }
    }

    private synchronized void keep(int now, Watch opened) {
        if (closed || now != round) {
            opened.close();
            return;
        }
        watch = opened;
        long millis = ROTATION.toMillis() + ThreadLocalRandom.current().nextLong(ROTATION.toMillis() / 4);
        // A peer that died without a word would leave a watch open and silent for ever.
        rotation = worker.schedule(() -> again(Duration.ZERO), millis, TimeUnit.MILLISECONDS);
    }

    private void drop() {
        Watch last = watch;
        watch = null;
        if (last != null) {
            last.close();
        }
        if (rotation != null) {
            rotation.cancel(false);
            rotation = null;
        }
    }

    private static String reason(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private final class Events implements Watcher<T> {

        private final int of;

        Events(int of) {
            this.of = of;
        }

        @Override
        public void eventReceived(Action action, T object) {
            synchronized (ListWatch.this) {
                if (closed || of != round) {
                    return;
                }
                switch (action) {
                    case ADDED, MODIFIED -> handler.changed(object);
                    case DELETED -> handler.deleted(object);
                    default -> log.trace("{}: {}", what, action);
                }
            }
        }

        @Override
        public void onClose(WatcherException cause) {
            synchronized (ListWatch.this) {
                if (closed || of != round) {
                    return;
                }
            }
            Duration wait = cause.isHttpGone() ? Duration.ZERO : backoff.next();
            log.info("{}: the watch was lost ({}), listing again", what, reason(cause));
            again(wait);
        }
    }
}
