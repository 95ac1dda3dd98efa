/** The operator program, which turns WebSocketRoutes into running proxies. */
@NullMarked
package dev.wsroute.operator;

import org.jspecify.annotations.NullMarked;
