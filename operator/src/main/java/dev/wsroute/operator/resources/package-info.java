/** The objects that a route owns, one class each. */
@NullMarked
package dev.wsroute.operator.resources;

import org.jspecify.annotations.NullMarked;
