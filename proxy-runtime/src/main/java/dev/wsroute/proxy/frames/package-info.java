/** WebSocket frames (RFC 6455 §5): header tracking, validation, and the proxy's own control frames. */
@NullMarked
package dev.wsroute.proxy.frames;

import org.jspecify.annotations.NullMarked;
