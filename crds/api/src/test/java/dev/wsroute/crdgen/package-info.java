/** Build steps for the CRD: finishing what the generator leaves open, and checking the result. */
@NullMarked
package dev.wsroute.crdgen;

import org.jspecify.annotations.NullMarked;
