/** The WebSocket handshake with client and backend, up to a valid 101. */
@NullMarked
package dev.wsroute.proxy.handshake;

import org.jspecify.annotations.NullMarked;
