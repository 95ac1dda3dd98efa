/**
 * Logging of both programs: each line goes through a bounded queue to a writer thread, so that a blocked standard output
 * blocks nothing else.
 */
@NullMarked
package dev.wsroute.logging;

import org.jspecify.annotations.NullMarked;
