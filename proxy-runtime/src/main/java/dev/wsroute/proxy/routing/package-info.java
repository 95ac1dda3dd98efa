/** From host and path to the rule that serves a request. */
@NullMarked
package dev.wsroute.proxy.routing;

import org.jspecify.annotations.NullMarked;
