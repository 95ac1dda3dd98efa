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
 * Makes one page for one reader after another. It rests three times as long as it worked, up to {@value
 * #LONGEST_REST_MILLIS} ms, so that repeated requests cost at most a quarter of a processor.
 */
final class PageThread {

    private static final Logger log = LoggerFactory.getLogger(PageThread.class);
    private static final int WAITING = 64;
    private static final int LONGEST_REST_MILLIS = 300;
    private static final long LONGEST_REST = TimeUnit.MILLISECONDS.toNanos(LONGEST_REST_MILLIS);
    private static final int REST = 3;

    private final String path;
    private final Page page;
    private final ThreadPoolExecutor thread;

    PageThread(String path, Page page) {
        this.path = path;
        this.page = page;
        this.thread = new ThreadPoolExecutor(1, 1, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), task -> {
            Thread made = new Thread(task, "admin" + path.replace('/', '-'));
            made.setDaemon(true);
            return made;
        });
        thread.allowCoreThreadTimeOut(true);
    }

    /**
     * @param wanted asked on the page's thread when its turn has come
     * @param to called on the page's thread, or at once if too many wait
     */
    void make(@Nullable String query, Wanted wanted, Consumer<Answer> to) {
        try {
            thread.execute(() -> {
                if (wanted.stillWanted()) {
                    long began = System.nanoTime();
                    to.accept(answer(query));
                    rest(System.nanoTime() - began);
                }
            });
        } catch (RejectedExecutionException e) {
            to.accept(Answer.text(503, "too many requests are waiting for this page"));
        }
    }

    /** Whether the reader still waits for the page. */
    @FunctionalInterface
    interface Wanted {
        boolean stillWanted();
    }

    private Answer answer(@Nullable String query) {
        try {
            return page.answer(query);
        } catch (RuntimeException | Error e) {
            // Only this page fails: the thread and the server go on.
            log.error("Page {} failed", path, e);
            return Answer.text(500, "the page failed; see the log");
        }
    }

    private static void rest(long worked) {
        try {
            TimeUnit.NANOSECONDS.sleep(Math.min(worked * REST, LONGEST_REST));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void close() {
        thread.shutdownNow();
    }
}
