/** How HTTP/1 messages are read (RFC 9112): heads as bytes until they are whole, bodies piece by piece. */
@NullMarked
package dev.wsroute.proxy.codec;

import org.jspecify.annotations.NullMarked;
