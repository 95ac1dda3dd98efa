// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * CPU time of a Java process and of its JIT compiler, in clock ticks, from {@code /proc/PID/task/TID/stat} (proc(5)).
 *
 * @param compiler of the compiler's threads that have not ended
 * @param all of all threads that have not ended
 */
record CompilerThreads(long compiler, long all) {

    // HotSpot's "C1 CompilerThread0" and "C2 CompilerThread0", since Linux cuts thread names after 15 characters.
    private static final List<String> NAMES = List.of("(C1 CompilerThre)", "(C2 CompilerThre)");

    /** Start of the fields after the name: the third one, the state. */
    private static final String AFTER_NAME = ") ";

    private static final int USER_TIME = 14 - 3;
    private static final int SYSTEM_TIME = 15 - 3;

    /** Zero if the process has ended. */
    static CompilerThreads of(long pid) throws IOException {
        long compiler = 0;
        long all = 0;
        Path threads = Path.of("/proc", Long.toString(pid), "task");
        if (!Files.isDirectory(threads)) {
            return new CompilerThreads(0, 0);
        }
        try (Stream<Path> tasks = Files.list(threads)) {
            for (String line : tasks.map(CompilerThreads::stat).toList()) {
                long time = time(line);
                all += time;
                if (NAMES.stream().anyMatch(line::contains)) {
                    compiler += time;
                }
            }
        }
        return new CompilerThreads(compiler, all);
    }

    /** The compiler's share of the process's CPU time since {@code before}; 0 if there was none. */
    double shareSince(CompilerThreads before) {
        long passed = all - before.all;
        // The time of a thread that has ended is lost.
        return passed <= 0 ? 0 : Math.max(0, compiler - before.compiler) / (double) passed;
    }

    private static String stat(Path task) {
        try {
            return Files.readString(task.resolve("stat"));
        } catch (IOException e) {
            // It has ended: before its file was opened, or while it was read (ESRCH).
            return "";
        }
    }

    private static long time(String line) {
        if (line.isEmpty()) {
            return 0;
        }
        List<String> fields = List.of(line.substring(line.lastIndexOf(AFTER_NAME) + AFTER_NAME.length())
                .split(" ", -1));
        return Long.parseLong(fields.get(USER_TIME)) + Long.parseLong(fields.get(SYSTEM_TIME));
    }
}
