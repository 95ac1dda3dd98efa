// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import java.io.IOException;
import java.io.InterruptedIOException;
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
 * Follows objects of the API until closed: a list, then a watch from there, and a new list whenever the watch cannot be
 * resumed. A watch that merely ended is resumed. Lists and events are reported separately: an object missing from a
 * list after an interruption is not a deletion.
 *
 * @param <T> kind of the objects
 */
public final class ListWatch<T extends ApiObject> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ListWatch.class);
    private static final Duration ROTATION = Duration.ofMinutes(4);

    private final String what;
    private final ObjectSet<T> objects;
    private final Handler<T> handler;
    private final ScheduledExecutorService worker;
    private final ApiContact contact;
    /** Ends the current watch. */
    private @Nullable Runnable watch;

    private @Nullable ScheduledFuture<?> rotation;
    /** The resourceVersion to resume the watch from. */
    private String version = "";
    /** Number of the current list, so that events of an abandoned watch are ignored. */
    private int round;

    private boolean closed;

    /** Receives the objects, in calls that do not overlap. */
    public interface Handler<T> {

        /** A complete list. */
        void listed(List<T> objects);

        /** One was added or changed. */
        void changed(T object);

        /** One was deleted. */
        void deleted(T object);

        /** No role allows to read them. Asked for again until one does; called for each attempt. */
        default void forbidden() {}
    }

    /** A request to the API. */
    @FunctionalInterface
    private interface Request {

        /** @return whether a request was sent; none is sent for an abandoned list */
        boolean send() throws IOException;
    }

    /**
     * @param what the objects, for log messages
     * @param worker on which requests may block
     */
    public ListWatch(String what, ObjectSet<T> objects, Handler<T> handler, ScheduledExecutorService worker) {
        this.what = what;
        this.objects = objects;
        this.handler = handler;
        this.worker = worker;
        this.contact = new ApiContact(what);
    }

    /** Starts to follow the objects. Does not block. */
    public void start() {
        after(Duration.ZERO, this::listAndWatch);
    }

    @Override
    public synchronized void close() {
        closed = true;
        drop();
    }

    private synchronized @Nullable ScheduledFuture<?> after(Duration delay, Runnable task) {
        if (!closed) {
            try {
                return worker.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                LOG.debug("{}: stopped watching", what);
            }
        }
        return null;
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
        ask(
                now,
                () -> {
                    listed(now, objects.list());
                    watch(now);
                    return true;
                },
                this::listAndWatch);
    }

    private synchronized void listed(int now, Listing<T> list) {
        if (isStale(now)) {
            return;
        }
        version = list.version();
        // If the server disappears, the watch would stay open and silent forever.
        long millis = ROTATION.toMillis() + ThreadLocalRandom.current().nextLong(ROTATION.toMillis() / 4);
        rotation = after(Duration.ofMillis(millis), this::listAndWatch);
        handler.listed(list.items());
    }

    /** Resumes where the last watch ended. No event is lost. */
    private void resume(int now) {
        ask(now, () -> watch(now), () -> resume(now));
    }

    private boolean watch(int now) throws IOException {
        String from;
        synchronized (this) {
            if (isStale(now)) {
                return false;
            }
            from = version;
        }
        Events events = new Events(now);
        Runnable opened = objects.watch(from, events, worker);
        synchronized (this) {
            if (isStale(now)) {
                opened.run();
            } else if (!events.ended) {
                watch = opened;
            }
        }
        return true;
    }

    /** @param retry next step if there is no response. If the API refuses, only a new list helps. */
    private void ask(int now, Request request, Runnable retry) {
        try {
            if (request.send()) {
                contact.answered();
            }
        } catch (InterruptedIOException e) {
            LOG.debug("{}: stopped watching", what);
        } catch (IOException e) {
            failed(now, e, e instanceof ApiException ? this::listAndWatch : retry);
        }
    }

    private synchronized void failed(int now, IOException e, Runnable next) {
        if (!isStale(now)) {
            after(contact.failed(e), next);
            if (e instanceof ApiException refusal && refusal.isForbidden()) {
                handler.forbidden();
            }
        }
    }

    private boolean isStale(int now) {
        return closed || now != round;
    }

    private void drop() {
        if (watch != null) {
            watch.run();
            watch = null;
        }
        if (rotation != null) {
            rotation.cancel(false);
            rotation = null;
        }
    }

    private final class Events implements ObjectSet.Watcher<T> {

        private final int of;
        private boolean ended;

        Events(int of) {
            this.of = of;
        }

        @Override
        public void received(WatchEvent<T> event) {
            synchronized (ListWatch.this) {
                if (ended || isStale(of)) {
                    return;
                }
                if (event instanceof WatchEvent.Change<T> change) {
                    goOnFrom(change.version());
                    tell(change);
                } else if (event instanceof WatchEvent.Bookmark<T> bookmark) {
                    goOnFrom(bookmark.version());
                } else if (event instanceof WatchEvent.Failure<T> failure) {
                    ended = true;
                    Duration wait = failure.reason().isGone() ? Duration.ZERO : contact.pause();
                    LOG.info(
                            "{}: the watch was lost ({}); listing again",
                            what,
                            failure.reason().getMessage());
                    after(wait, ListWatch.this::listAndWatch);
                } else {
                    LOG.trace("{}: {}", what, event);
                }
            }
        }

        @Override
        public void ended(@Nullable Throwable reason) {
            synchronized (ListWatch.this) {
                if (ended || isStale(of)) {
                    return;
                }
                ended = true;
                watch = null;
                LOG.debug("{}: the watch ended: {}", what, reason == null ? "normally" : reason.getMessage());
                after(contact.pause(), () -> resume(of));
            }
        }

        private void goOnFrom(@Nullable String newer) {
            if (newer != null && !newer.isEmpty()) {
                version = newer;
            }
        }

        private void tell(WatchEvent.Change<T> change) {
            try {
                if (change.deleted()) {
                    handler.deleted(change.object());
                } else {
                    handler.changed(change.object());
                }
            } catch (RuntimeException e) {
                LOG.error("{}: {} could not be processed", what, change.object().name(), e);
            }
        }
    }
}
