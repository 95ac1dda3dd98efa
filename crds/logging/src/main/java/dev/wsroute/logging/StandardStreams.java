// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.logging;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Standard output and standard error without blocking writes: each has a bounded queue and a writer thread. At exit, the
 * writers have a short time to write the queued lines.
 */
public final class StandardStreams implements AutoCloseable {

    /** For both streams. Any reader that still reads empties full queues in less time. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(500);

    private static final int MAX_LINES = 4096;
    private static final long MAX_BYTES = 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(StandardStreams.class);

    private final LineOutput output;
    private final LineOutput errorOutput;
    private final LineQueue lines;
    private final LineQueue errorLines;
    private final LineStream printed;
    private final LineStream printedErrors;

    StandardStreams(OutputStream output, OutputStream error, boolean sameFile) {
        Lock lock = new ReentrantLock(true);
        this.output = new LineOutput(output, lock);
        this.errorOutput = new LineOutput(error, sameFile ? lock : new ReentrantLock(true));
        this.lines =
                new LineQueue("standard-output", this.output, MAX_LINES, MAX_BYTES, StandardStreams::reportDropped);
        this.errorLines =
                new LineQueue("standard-error", errorOutput, MAX_LINES, MAX_BYTES, StandardStreams::reportDropped);
        this.printed = new LineStream(lines);
        this.printedErrors = new LineStream(errorLines);
    }

    /** Streams that write to {@code output}, for a program that runs inside another one. */
    public static StandardStreams to(OutputStream output) {
        return new StandardStreams(output, output, true);
    }

    /**
     * Redirects {@link System#out} and {@link System#err} of the process to the queues; call it before anything is printed.
     * An uncaught exception is then logged; the JDK would print its message unescaped.
     */
    public static StandardStreams takeOver() {
        StandardStreams streams = new StandardStreams(
                new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err), shareOneFile());
        System.setOut(streams.printStream());
        System.setErr(new PrintStream(streams.printedErrors, false, StandardCharsets.UTF_8));
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, thrown) -> LOG.error("Thread '{}' died of an uncaught exception", thread.getName(), thrown));
        return streams;
    }

    /** Its output is queued like the lines of the log. */
    PrintStream printStream() {
        return new PrintStream(printed, false, StandardCharsets.UTF_8);
    }

    /** Whether both descriptors are the same file; then half a line of one could end up in a line of the other. */
    private static boolean shareOneFile() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/1"))
                    .equals(Files.readSymbolicLink(Path.of("/proc/self/fd/2")));
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private static void reportDropped(long dropped) {
        LOG.warn("{} log line(s) were dropped because standard output was too slow or blocked", dropped);
    }

    /** The queue for log lines. */
    LineQueue lines() {
        return lines;
    }

    /**
     * Standard output itself, for callers that have a bounded queue and a thread of their own: a write blocks as long as the
     * output does. Each write must consist of whole lines.
     */
    public OutputStream output() {
        return output;
    }

    /** Number of lines dropped because the queue was full or the output failed. */
    public long dropped() {
        return lines.dropped() + errorLines.dropped();
    }

    /** Number of failed writes to the two descriptors, for example to a pipe without a reader. */
    public long writeErrors() {
        return output.errors() + errorOutput.errors();
    }

    /** Writes the queued lines within a short time limit. Later lines are dropped. */
    @Override
    public void close() {
        printed.close();
        printedErrors.close();
        lines.end();
        errorLines.end();
        long end = System.nanoTime() + CLOSE_TIMEOUT.toNanos();
        lines.awaitEnd(end - System.nanoTime());
        errorLines.awaitEnd(end - System.nanoTime());
    }

    /** Ends the process without shutdown hooks, but after {@link #close}, so that the last line is written. */
    public void halt(int code) {
        try {
            close();
        } finally {
            Runtime.getRuntime().halt(code);
        }
    }
}
