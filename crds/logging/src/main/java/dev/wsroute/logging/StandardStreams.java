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
 * Standard output and standard error without blocking writes: each has a bounded queue and a writer thread. At exit,
 * the writers get a short time to write what is left.
 */
public final class StandardStreams implements AutoCloseable {

    /** For both streams. A reader that reads at all takes full queues in less. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private static final int MAX_LINES = 4096;
    private static final long MAX_BYTES = 1024 * 1024;

    private static final Logger log = LoggerFactory.getLogger(StandardStreams.class);

    private final LineOutput output;
    private final LineOutput errorOutput;
    private final LineQueue lines;
    private final LineQueue errorLines;
    private final LineStream printed;
    private final LineStream printedErrors;

    StandardStreams(OutputStream output, OutputStream error, boolean sameFile) {
        Lock turn = new ReentrantLock(true);
        this.output = new LineOutput(output, turn);
        this.errorOutput = new LineOutput(error, sameFile ? turn : new ReentrantLock(true));
        this.lines = new LineQueue("standard-output", this.output, MAX_LINES, MAX_BYTES, StandardStreams::tell);
        this.errorLines = new LineQueue("standard-error", errorOutput, MAX_LINES, MAX_BYTES, StandardStreams::tell);
        this.printed = new LineStream(lines);
        this.printedErrors = new LineStream(errorLines);
    }

    /** Streams that end in {@code output}, for a program that is part of another one. */
    public static StandardStreams to(OutputStream output) {
        return new StandardStreams(output, output, true);
    }

    /**
     * Takes over the streams of the process; to be called before anything is printed. {@link System#out} and {@link
     * System#err} then write to the queues, and an exception that ends a thread is logged, where the JDK would print
     * its message unescaped.
     */
    public static StandardStreams takeOver() {
        StandardStreams streams = new StandardStreams(
                new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err), areOne());
        System.setOut(streams.printStream());
        System.setErr(new PrintStream(streams.printedErrors, false, StandardCharsets.UTF_8));
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, thrown) -> log.error("Thread '{}' died of an uncaught exception", thread.getName(), thrown));
        return streams;
    }

    /** What is printed here is queued like the lines of the log. */
    PrintStream printStream() {
        return new PrintStream(printed, false, StandardCharsets.UTF_8);
    }

    /** Whether both descriptors are of the same file, where half a line of one could get into a line of the other. */
    private static boolean areOne() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/1"))
                    .equals(Files.readSymbolicLink(Path.of("/proc/self/fd/2")));
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private static void tell(long dropped) {
        log.warn("{} log line(s) were dropped because standard output was too slow or blocked", dropped);
    }

    /** The queue for the program's own lines. */
    LineQueue lines() {
        return lines;
    }

    /**
     * Standard output itself, for callers with a bounded queue and a thread of their own: a write blocks as long as the
     * output does. Each write must consist of whole lines.
     */
    public OutputStream output() {
        return output;
    }

    /** How many lines of the program were dropped because the queue was full or the output failed. */
    public long dropped() {
        return lines.dropped() + errorLines.dropped();
    }

    /** How many writes to the two descriptors failed, such as for a pipe without a reader. */
    public long writeErrors() {
        return output.errors() + errorOutput.errors();
    }

    /** Writes the queued lines, as far as the outputs take them within a short time. Later lines are dropped. */
    @Override
    public void close() {
        printed.close();
        printedErrors.close();
        lines.end();
        errorLines.end();
        long end = System.nanoTime() + PATIENCE.toNanos();
        lines.awaitEnd(end - System.nanoTime());
        errorLines.awaitEnd(end - System.nanoTime());
    }

    /** Ends the process at once, without shutdown hooks but after {@link #close}, so that the last line can say why. */
    public void halt(int code) {
        try {
            close();
        } finally {
            Runtime.getRuntime().halt(code);
        }
    }
}
