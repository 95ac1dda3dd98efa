/** Closing connections evenly over time, with a reason. */
@NullMarked
package dev.wsroute.proxy.drain;

import org.jspecify.annotations.NullMarked;
