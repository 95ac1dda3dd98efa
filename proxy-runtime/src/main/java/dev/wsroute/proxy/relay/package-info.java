/** Open tunnels: forwarding in both directions, backpressure, closing. */
@NullMarked
package dev.wsroute.proxy.relay;

import org.jspecify.annotations.NullMarked;
