/** Compiles a WebSocketRoute and the Services that it refers to into a ProxyConfig, without access to the API. */
@NullMarked
package dev.wsroute.operator.compile;

import org.jspecify.annotations.NullMarked;
