/** How {@code make microbench} measures; what it measures lies beside the classes measured, as {@code *Benchmark}. */
@NullMarked
package dev.wsroute.proxy.microbench;

import org.jspecify.annotations.NullMarked;
