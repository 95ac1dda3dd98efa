/** Where a request comes from: which peers are believed, and what they say. */
@NullMarked
package dev.wsroute.proxy.origin;

import org.jspecify.annotations.NullMarked;
