/** The benchmark's arithmetic and its output; one test runs it for a moment. */
@NullMarked
package dev.wsroute.e2e.bench;

import org.jspecify.annotations.NullMarked;
