/** Open tunnels: the two directions, backpressure, Close. */
@NullMarked
package dev.wsroute.proxy.relay;

import org.jspecify.annotations.NullMarked;
