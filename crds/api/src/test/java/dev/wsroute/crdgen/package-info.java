/** Build steps for the CRD: completing the output of the generator, and checking the result. */
@NullMarked
package dev.wsroute.crdgen;

import org.jspecify.annotations.NullMarked;
