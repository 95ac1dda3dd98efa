/** Counters and gauges of the data plane, for Prometheus. */
@NullMarked
package dev.wsroute.proxy.metrics;

import org.jspecify.annotations.NullMarked;
