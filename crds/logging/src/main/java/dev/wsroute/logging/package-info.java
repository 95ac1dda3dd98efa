/**
 * How both programs write: every line goes through a bounded queue to a thread that nobody waits for, so that a standard
 * output that nobody reads holds up nothing else.
 */
@NullMarked
package dev.wsroute.logging;

import org.jspecify.annotations.NullMarked;
