/** The client of a request: trusted proxies, forwarding headers and the PROXY protocol. */
@NullMarked
package dev.wsroute.proxy.clientaddress;

import org.jspecify.annotations.NullMarked;
