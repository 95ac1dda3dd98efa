/** Which resources are served, and how their objects are shaped and defaulted. */
@NullMarked
package dev.wsroute.e2e.cluster.api.types;

import org.jspecify.annotations.NullMarked;
