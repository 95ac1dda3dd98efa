/** Endpoint discovery: from EndpointSlices, or listed in the document. */
@NullMarked
package dev.wsroute.proxy.discovery;

import org.jspecify.annotations.NullMarked;
