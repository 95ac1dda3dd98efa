/** Decoding of HTTP/1 messages (RFC 9112): heads as bytes until they are complete, bodies piece by piece; the syntax of hosts and targets. */
@NullMarked
package dev.wsroute.proxy.codec;

import org.jspecify.annotations.NullMarked;
