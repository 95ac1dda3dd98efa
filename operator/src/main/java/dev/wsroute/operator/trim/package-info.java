/** Trims objects from the API to the parts that the operator uses, before they are cached. */
@NullMarked
package dev.wsroute.operator.trim;

import org.jspecify.annotations.NullMarked;
