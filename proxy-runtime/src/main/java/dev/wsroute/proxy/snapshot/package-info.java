/** The configuration in force, as one immutable value that is swapped as a whole. */
@NullMarked
package dev.wsroute.proxy.snapshot;

import org.jspecify.annotations.NullMarked;
