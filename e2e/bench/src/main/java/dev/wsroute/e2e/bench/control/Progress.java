// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.control;

import java.io.PrintWriter;
import java.util.Locale;

/** Progress for the terminal: steps with the time since the start. */
final class Progress {

    private final PrintWriter out;
    private final long startNanos = System.nanoTime();

    Progress(PrintWriter out) {
        this.out = out;
    }

    void step(String what) {
        out.println(String.format(Locale.ROOT, "%6.1f s  %s", (System.nanoTime() - startNanos) / 1e9, what));
        out.flush();
    }
}
