/** From a WebSocketRoute, and the Services that it names, to the ProxyConfig: pure, no API access. */
@NullMarked
package dev.wsroute.operator.compile;

import org.jspecify.annotations.NullMarked;
