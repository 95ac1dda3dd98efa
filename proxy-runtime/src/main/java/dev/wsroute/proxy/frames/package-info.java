/** WebSocket frames on the wire (RFC 6455 §5): following headers, checking order and size, control frames of the proxy's own. */
@NullMarked
package dev.wsroute.proxy.frames;

import org.jspecify.annotations.NullMarked;
