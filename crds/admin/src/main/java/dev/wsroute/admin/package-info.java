/**
 * A small HTTP server for probes and people, and the liveness check. It withstands untrusted clients: none can exhaust its
 * connections, memory or threads.
 */
@NullMarked
package dev.wsroute.admin;

import org.jspecify.annotations.NullMarked;
