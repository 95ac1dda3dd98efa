/** The WebSocket handshake, hop by hop, up to a valid 101. */
@NullMarked
package dev.wsroute.proxy.handshake;

import org.jspecify.annotations.NullMarked;
