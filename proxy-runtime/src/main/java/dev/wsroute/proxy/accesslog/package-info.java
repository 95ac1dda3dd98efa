/** The access log: one line per exchange, opened WebSocket and closed WebSocket, as JSON or text. */
@NullMarked
package dev.wsroute.proxy.accesslog;

import org.jspecify.annotations.NullMarked;
