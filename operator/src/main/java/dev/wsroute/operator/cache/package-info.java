/** What the operator holds of the cluster in memory, and how. */
@NullMarked
package dev.wsroute.operator.cache;

import org.jspecify.annotations.NullMarked;
