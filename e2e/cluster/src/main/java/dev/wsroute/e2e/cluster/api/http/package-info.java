/** The HTTP layer: reads requests, and writes JSON, streams of watch events and errors. */
@NullMarked
package dev.wsroute.e2e.cluster.api.http;

import org.jspecify.annotations.NullMarked;
