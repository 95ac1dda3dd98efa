// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.material;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PEM files on disk. All of them are polled together by their attributes, which detects every way of replacing a file
 * (written in place, renamed, or swapped behind a symbolic link), and read once they have settled. With many files the
 * pauses grow, so that polling takes at most a tenth of one processor, up to {@value #LONGEST_PAUSE_SECONDS} seconds.
 */
public final class WatchedFiles {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedFiles.class);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);
    /** One expensive poll, such as the first of thousands of files, must not hide changes for minutes. */
    private static final int LONGEST_PAUSE_SECONDS = 5;

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(LONGEST_PAUSE_SECONDS);
    private static final int SHARE = 10;
    /** Edits that keep size and time stamp are noticed after this time. */
    private static final Duration READ_EVERY = Duration.ofSeconds(30);

    private static final int MAX_BYTES = 1024 * 1024;

    private final ScheduledExecutorService reader;
    private final Set<Source> sources = ConcurrentHashMap.newKeySet();
    private boolean polling;

    /** @param reader may block in reads */
    public WatchedFiles(ScheduledExecutorService reader) {
        this.reader = reader;
    }

    /** A source of these files' contents, by the given keys. */
    public MaterialSource source(Map<String, Path> files) {
        return new Source(files);
    }

    private synchronized void add(Source source) {
        sources.add(source);
        if (!polling) {
            polling = true;
            schedule(this::pollAll, Duration.ZERO);
        } else {
            // The first look need not wait for the others' turn.
            execute(source::poll);
        }
    }

    private void schedule(Runnable task, Duration pause) {
        try {
            reader.schedule(task, pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("Stopped watching files");
        }
    }

    private void execute(Runnable task) {
        try {
            reader.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("Stopped watching files");
        }
    }

    private void pollAll() {
        Duration pause = SHORTEST_PAUSE;
        try {
            long begun = THREADS.getCurrentThreadCpuTime();
            sources.forEach(Source::poll);
            // Not by the clock: a stalled disk or a busy machine is no reason to poll less often.
            pause = pauseAfter(Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - begun));
        } finally {
            synchronized (this) {
                polling = !sources.isEmpty();
                if (polling) {
                    schedule(this::pollAll, pause);
                }
            }
        }
    }

    private static Duration pauseAfter(Duration processorTime) {
        Duration pause = processorTime.multipliedBy(SHARE - 1);
        if (pause.compareTo(SHORTEST_PAUSE) < 0) {
            return SHORTEST_PAUSE;
        }
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    private final class Source implements MaterialSource {

        private final Map<String, Path> files;
        private @Nullable Sink sink;
        private @Nullable Object seen;
        private @Nullable Object read;
        private long readAt;
        /** Differs, so that thousands of files are not all read in the same turn. In nanoseconds. */
        private final long readEvery =
                READ_EVERY.toNanos() - ThreadLocalRandom.current().nextLong(READ_EVERY.toNanos() / 2);

        private boolean looksAgain;
        private @Nullable String complaint;
        private final Map<String, byte[]> offered = new HashMap<>();

        Source(Map<String, Path> files) {
            this.files = new LinkedHashMap<>(files);
        }

        @Override
        public void start(Sink to) {
            synchronized (this) {
                sink = to;
            }
            add(this);
        }

        @Override
        public synchronized void close() {
            sink = null;
            sources.remove(this);
        }

        synchronized void poll() {
            Sink to = sink;
            if (to == null) {
                return;
            }
            Object state = state();
            boolean settled = read == null || state.equals(seen);
            boolean due = !state.equals(read) || System.nanoTime() - readAt >= readEvery;
            seen = state;
            if (settled && due) {
                read = state;
                readAt = System.nanoTime();
                read(to);
            } else if (!settled && !looksAgain) {
                // With thousands of files, the next turn would be late.
                looksAgain = true;
                schedule(this::lookAgain, SHORTEST_PAUSE);
            }
        }

        private synchronized void lookAgain() {
            looksAgain = false;
            poll();
        }

        private Object state() {
            return files.values().stream().map(this::state).toList();
        }

        private Object state(Path file) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return Arrays.asList(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
            } catch (IOException e) {
                return List.of(e.getClass());
            }
        }

        private void read(Sink to) {
            Map<String, byte[]> data = new HashMap<>();
            for (Map.Entry<String, Path> file : files.entrySet()) {
                try {
                    data.put(file.getKey(), bytes(file.getValue()));
                } catch (NoSuchFileException e) {
                    complain(to, "The file " + file.getValue() + " does not exist");
                    return;
                } catch (AccessDeniedException e) {
                    complain(to, "Permission denied reading the file " + file.getValue());
                    return;
                } catch (IOException e) {
                    complain(to, "Cannot read the file " + file.getValue() + ": " + e.getMessage());
                    return;
                }
            }
            if (complaint != null || !isOffered(data)) {
                complaint = null;
                offered.clear();
                offered.putAll(data);
                to.offer(data);
            }
        }

        private boolean isOffered(Map<String, byte[]> data) {
            return offered.keySet().equals(data.keySet())
                    && data.entrySet().stream()
                            .allMatch(each -> Arrays.equals(each.getValue(), offered.get(each.getKey())));
        }

        private void complain(Sink to, String reason) {
            if (!reason.equals(complaint)) {
                complaint = reason;
                to.unavailable(reason);
            }
        }

        private static byte[] bytes(Path file) throws IOException {
            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(MAX_BYTES + 1);
                if (bytes.length > MAX_BYTES) {
                    throw new IOException("it is larger than " + MAX_BYTES + " bytes");
                }
                return bytes;
            }
        }
    }
}
