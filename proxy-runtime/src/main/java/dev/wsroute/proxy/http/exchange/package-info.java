/** Plain HTTP exchanges with a backend: the request sent on, the response passed back, bodies streamed. */
@NullMarked
package dev.wsroute.proxy.http.exchange;

import org.jspecify.annotations.NullMarked;
