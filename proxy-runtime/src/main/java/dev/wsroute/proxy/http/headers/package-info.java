/** Heads and header fields: names, what is forwarded, what is removed, what rules add. */
@NullMarked
package dev.wsroute.proxy.http.headers;

import org.jspecify.annotations.NullMarked;
