/** Open tunnels: frames, the two directions, Close. */
@NullMarked
package dev.wsroute.proxy.relay;

import org.jspecify.annotations.NullMarked;
