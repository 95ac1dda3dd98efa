/** The origin of requests: trusted proxies, forwarding headers and the PROXY protocol. */
@NullMarked
package dev.wsroute.proxy.origin;

import org.jspecify.annotations.NullMarked;
