/** The embedded development cluster: a test double and a tool to try wsroute. Never run it in production. */
@NullMarked
package dev.wsroute.e2e.cluster;

import org.jspecify.annotations.NullMarked;
