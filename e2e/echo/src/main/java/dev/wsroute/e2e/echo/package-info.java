/** The sample backend: a WebSocket echo server. */
@NullMarked
package dev.wsroute.e2e.echo;

import org.jspecify.annotations.NullMarked;
