/** JSON patch, merge patch and strategic merge patch. */
@NullMarked
package dev.wsroute.e2e.cluster.api.patch;

import org.jspecify.annotations.NullMarked;
