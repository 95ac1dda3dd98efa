/** What the administrator allows routes to ask for: read from a ConfigMap, and compared with each route. */
@NullMarked
package dev.wsroute.operator.limits;

import org.jspecify.annotations.NullMarked;
