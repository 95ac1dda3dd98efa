/** The HTTP front: requests in, JSON, streams of watch events and errors out. */
@NullMarked
package dev.wsroute.e2e.cluster.api.http;

import org.jspecify.annotations.NullMarked;
