/** The benchmark's arithmetic and output. One test runs it briefly. */
@NullMarked
package dev.wsroute.e2e.bench;

import org.jspecify.annotations.NullMarked;
