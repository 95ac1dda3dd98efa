/** A client's request: decoding, checks, and how it is rejected. */
@NullMarked
package dev.wsroute.proxy.http.request;

import org.jspecify.annotations.NullMarked;
