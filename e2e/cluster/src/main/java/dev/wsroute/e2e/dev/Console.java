// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.dev;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Progress for the terminal: steps with the time since the start. */
final class Console {

    private final PrintWriter out;
    private final long startNanos = System.nanoTime();

    Console(PrintWriter out) {
        this.out = out;
    }

    /** Prints the start of a step. */
    void step(String what) {
        line(String.format(Locale.ROOT, "%6.1f s  %s", sinceStart().toMillis() / 1000.0, what));
    }

    /** Prints an observation during a step. */
    void detail(String what) {
        line("            " + what);
    }

    /** Prints a line without the time. */
    void line(String text) {
        out.println(text);
        out.flush();
    }

    Duration sinceStart() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}
