/** What the data plane tells about its work: counters and the access log. */
@NullMarked
package dev.wsroute.proxy.metrics;

import org.jspecify.annotations.NullMarked;
