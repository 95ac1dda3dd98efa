/** {@code make run} and {@code make demo}: the whole product on one machine. */
@NullMarked
package dev.wsroute.e2e.dev;

import org.jspecify.annotations.NullMarked;
