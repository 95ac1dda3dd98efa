/** The sockets: transports, listeners, and the wiring of a client's connection. */
@NullMarked
package dev.wsroute.proxy.server;

import org.jspecify.annotations.NullMarked;
