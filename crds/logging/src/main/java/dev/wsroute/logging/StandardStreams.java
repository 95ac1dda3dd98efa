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
 * Standard output and standard error, which no thread of the program waits for: each is written by a thread of its own,
 * from a bounded queue. At the end of the process those threads get a short time to write what still waits.
 */
public final class StandardStreams implements AutoCloseable {

    /** For both streams. Whoever reads at all takes full queues in less. */
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
     * Those of the process, before anything is printed. {@link System#out} and {@link System#err} become a way into the
     * queues, and what ends a thread is logged, where the JDK would print a message of whatever characters it has.
     */
    public static StandardStreams takeOver() {
        StandardStreams streams = new StandardStreams(
                new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err), areOne());
        System.setOut(streams.printStream());
        System.setErr(new PrintStream(streams.printedErrors, false, StandardCharsets.UTF_8));
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, thrown) -> log.error("The thread '{}' has ended", thread.getName(), thrown));
        return streams;
    }

    /** What is printed here goes the way of the log's lines. */
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
        log.warn("{} line(s) of the log were dropped because standard output was too slow or blocked", dropped);
    }

    /** Where the program's own lines go. */
    LineQueue lines() {
        return lines;
    }

    /**
     * Standard output itself, for whoever has a bounded queue and a thread of its own: a write blocks as long as the output
     * does. Each write is to be of whole lines.
     */
    public OutputStream output() {
        return output;
    }

    /** How many lines of the program were dropped, since too many waited, or since the output failed. */
    public long dropped() {
        return lines.dropped() + errorLines.dropped();
    }

    /** How many writes to the two descriptors failed, such as for a pipe without a reader. */
    public long writeErrors() {
        return output.errors() + errorOutput.errors();
    }

    /** Writes what waits, as far as the outputs take it within a short time. What comes later is dropped. */
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

    /** Ends the process at once, without any shutdown hook, but for {@link #close}: the last line says why it ends. */
    public void halt(int code) {
        try {
            close();
        } finally {
            Runtime.getRuntime().halt(code);
        }
    }
}
