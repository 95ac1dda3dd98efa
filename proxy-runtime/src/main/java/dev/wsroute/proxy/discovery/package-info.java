/** Which endpoints there are: merged from EndpointSlices, or static. */
@NullMarked
package dev.wsroute.proxy.discovery;

import org.jspecify.annotations.NullMarked;
