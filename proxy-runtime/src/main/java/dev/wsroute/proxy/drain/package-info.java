/** Asking connections to leave, evenly, with a reason. */
@NullMarked
package dev.wsroute.proxy.drain;

import org.jspecify.annotations.NullMarked;
