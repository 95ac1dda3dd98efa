/** The machine that benchmarks run on: what it is, its processors and installed programs. */
@NullMarked
package dev.wsroute.e2e.bench.machine;

import org.jspecify.annotations.NullMarked;
