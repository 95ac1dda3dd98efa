/**
 * Fuzzing of what reads bytes from outside, guided by coverage (Jazzer). A target is a class next to what it tests, with
 * a method {@code fuzzerTestOneInput} that fails when something that must always hold does not.
 */
@NullMarked
package dev.wsroute.proxy.fuzz;

import org.jspecify.annotations.NullMarked;
