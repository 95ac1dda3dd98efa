/** {@code make bench-control}: what operator and proxies cost the API, and how quickly they follow it. */
@NullMarked
package dev.wsroute.e2e.bench.control;

import org.jspecify.annotations.NullMarked;
