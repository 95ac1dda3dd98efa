/** The reconciler of routes, its watches, retries and Events. */
@NullMarked
package dev.wsroute.operator.route;

import org.jspecify.annotations.NullMarked;
