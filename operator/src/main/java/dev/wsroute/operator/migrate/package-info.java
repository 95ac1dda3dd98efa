/** Converts Ingresses for ingress-nginx into WebSocketRoutes: the command {@code migrate}. */
@NullMarked
package dev.wsroute.operator.migrate;

import org.jspecify.annotations.NullMarked;
