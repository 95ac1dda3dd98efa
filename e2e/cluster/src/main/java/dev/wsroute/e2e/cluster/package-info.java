/** The embedded development cluster: a test double and a try-it-out tool, never something to run in production. */
@NullMarked
package dev.wsroute.e2e.cluster;

import org.jspecify.annotations.NullMarked;
