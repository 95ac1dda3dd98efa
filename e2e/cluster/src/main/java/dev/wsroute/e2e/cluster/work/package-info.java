/** Tools that controllers and node share: keyed work queues, and a view of the API that includes one's own writes. */
@NullMarked
package dev.wsroute.e2e.cluster.work;

import org.jspecify.annotations.NullMarked;
