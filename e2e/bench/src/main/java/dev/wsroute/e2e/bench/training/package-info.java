/** The load on a proxy while its image is built, which trains the image's AOT cache. */
@NullMarked
package dev.wsroute.e2e.bench.training;

import org.jspecify.annotations.NullMarked;
