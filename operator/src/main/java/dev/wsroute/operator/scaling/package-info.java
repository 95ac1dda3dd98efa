/** How many proxies a route needs: decisions that depend on their arguments only. */
@NullMarked
package dev.wsroute.operator.scaling;

import org.jspecify.annotations.NullMarked;
