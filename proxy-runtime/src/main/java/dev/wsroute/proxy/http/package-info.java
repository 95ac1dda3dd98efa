/** Requests and responses before, or instead of, a tunnel: checking, header rules, plain HTTP/1.1 proxying. */
@NullMarked
package dev.wsroute.proxy.http;

import org.jspecify.annotations.NullMarked;
