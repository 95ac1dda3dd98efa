// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.dev;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** What the person in front of the terminal reads: steps with the time since the start. */
final class Console {

    private final PrintWriter out;
    private final long startNanos = System.nanoTime();

    Console(PrintWriter out) {
        this.out = out;
    }

    /** A step that begins. */
    void step(String what) {
        line(String.format(Locale.ROOT, "%6.1f s  %s", sinceStart().toMillis() / 1000.0, what));
    }

    /** Something that was seen during a step. */
    void detail(String what) {
        line("            " + what);
    }

    /** A line as it is. */
    void line(String text) {
        out.println(text);
        out.flush();
    }

    Duration sinceStart() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}
