/** Runs once before the integration tests and prepares the packaged programs for a quick start. */
@NullMarked
package dev.wsroute.e2e.startup;

import org.jspecify.annotations.NullMarked;
