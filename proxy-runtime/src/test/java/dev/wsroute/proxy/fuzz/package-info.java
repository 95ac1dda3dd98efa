/**
 * Coverage-guided fuzzing (Jazzer) of code that reads external bytes. A target is a class beside the code that it tests, with
 * a method {@code fuzzerTestOneInput} that fails when something that must always hold does not.
 */
@NullMarked
package dev.wsroute.proxy.fuzz;

import org.jspecify.annotations.NullMarked;
