// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.admin;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renders a page on a thread of its own, for one reader at a time. After each page it pauses three times as long as it
 * worked, up to {@value #MAX_PAUSE_MILLIS} ms, so that repeated requests cost at most a quarter of a processor.
 */
final class PageThread {

    private static final Logger LOG = LoggerFactory.getLogger(PageThread.class);
    private static final int MAX_WAITING = 64;
    private static final int MAX_PAUSE_MILLIS = 300;
    private static final long MAX_PAUSE = TimeUnit.MILLISECONDS.toNanos(MAX_PAUSE_MILLIS);
    private static final int PAUSE_FACTOR = 3;

    private final String path;
    private final Page page;
    private final ThreadPoolExecutor thread;

    PageThread(String path, Page page) {
        this.path = path;
        this.page = page;
        this.thread =
                new ThreadPoolExecutor(1, 1, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING), task -> {
                    Thread created = new Thread(task, "admin" + path.replace('/', '-'));
                    created.setDaemon(true);
                    return created;
                });
        thread.allowCoreThreadTimeOut(true);
    }

    /**
     * @param reader called on the page's thread before rendering
     * @param to called on the page's thread, or by the caller if too many requests are waiting
     */
    void render(@Nullable String query, Reader reader, Consumer<Answer> to) {
        try {
            thread.execute(() -> {
                if (reader.isWaiting()) {
                    long began = System.nanoTime();
                    to.accept(answer(query));
                    pause(System.nanoTime() - began);
                }
            });
        } catch (RejectedExecutionException e) {
            to.accept(Answer.text(503, "too many requests are waiting for this page"));
        }
    }

    /** Whether the reader still waits for the page. */
    @FunctionalInterface
    interface Reader {
        boolean isWaiting();
    }

    private Answer answer(@Nullable String query) {
        try {
            return page.answer(query);
        } catch (RuntimeException | Error e) {
            // Only this page fails: the thread and the server continue.
            LOG.error("Page {} failed", path, e);
            return Answer.text(500, "the page failed; see the log");
        }
    }

    private static void pause(long worked) {
        try {
            TimeUnit.NANOSECONDS.sleep(Math.min(worked * PAUSE_FACTOR, MAX_PAUSE));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void close() {
        thread.shutdownNow();
    }
}
