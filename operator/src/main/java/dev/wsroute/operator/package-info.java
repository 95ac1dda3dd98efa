/** The operator: a program that turns WebSocketRoutes into running proxies. */
@NullMarked
package dev.wsroute.operator;

import org.jspecify.annotations.NullMarked;
