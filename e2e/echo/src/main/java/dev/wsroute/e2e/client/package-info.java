/** A WebSocket client for demonstrations and tests: thousands of connections, each recording what it saw. */
@NullMarked
package dev.wsroute.e2e.client;

import org.jspecify.annotations.NullMarked;
