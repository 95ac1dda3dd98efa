/** {@code make bench}: measures this proxy side by side with nginx, HAProxy, Caddy and a relay that parses nothing. */
@NullMarked
package dev.wsroute.e2e.bench;

import org.jspecify.annotations.NullMarked;
