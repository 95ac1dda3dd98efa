/** Cuts down what the API sends to what the operator uses, before it is held. */
@NullMarked
package dev.wsroute.operator.intake;

import org.jspecify.annotations.NullMarked;
