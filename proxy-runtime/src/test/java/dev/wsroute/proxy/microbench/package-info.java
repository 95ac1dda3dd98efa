/** The runner of {@code make microbench}. The benchmarks are beside the classes that they measure, as {@code *Benchmark}. */
@NullMarked
package dev.wsroute.proxy.microbench;

import org.jspecify.annotations.NullMarked;
