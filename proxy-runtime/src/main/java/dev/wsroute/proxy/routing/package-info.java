/** From a request to the rule that serves it, and what a rule needs: an endpoint to connect to. */
@NullMarked
package dev.wsroute.proxy.routing;

import org.jspecify.annotations.NullMarked;
