/** The status of a route: conditions, counts, addresses and Events. */
@NullMarked
package dev.wsroute.operator.status;

import org.jspecify.annotations.NullMarked;
