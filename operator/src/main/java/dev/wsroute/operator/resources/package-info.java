/** The objects that a route owns, one class per object. */
@NullMarked
package dev.wsroute.operator.resources;

import org.jspecify.annotations.NullMarked;
