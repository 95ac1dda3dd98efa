/** The in-memory caches of cluster objects. */
@NullMarked
package dev.wsroute.operator.cache;

import org.jspecify.annotations.NullMarked;
