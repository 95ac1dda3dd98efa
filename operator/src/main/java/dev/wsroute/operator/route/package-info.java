/** The reconciler: what it watches, and the order of its work. */
@NullMarked
package dev.wsroute.operator.route;

import org.jspecify.annotations.NullMarked;
