/** What happens once before the integration tests: the packaged programs are prepared to start quickly. */
@NullMarked
package dev.wsroute.e2e.startup;

import org.jspecify.annotations.NullMarked;
