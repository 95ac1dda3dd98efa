/** Kinds that a cluster may lack, because their CRDs are not installed. */
@NullMarked
package dev.wsroute.operator.optional;

import org.jspecify.annotations.NullMarked;
