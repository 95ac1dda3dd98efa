/** Objects, one sequence of resource versions, and the watches that follow it. */
@NullMarked
package dev.wsroute.e2e.cluster.api.store;

import org.jspecify.annotations.NullMarked;
