/** Connecting to endpoints. */
@NullMarked
package dev.wsroute.proxy.upstream;

import org.jspecify.annotations.NullMarked;
