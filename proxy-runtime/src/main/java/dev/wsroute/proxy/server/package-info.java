/** Sockets: transports, listeners, and the setup of client connections. */
@NullMarked
package dev.wsroute.proxy.server;

import org.jspecify.annotations.NullMarked;
