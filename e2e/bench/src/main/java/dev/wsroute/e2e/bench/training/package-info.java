/** What a proxy goes through while its image is built, so that the image's AOT cache knows what a proxy does. */
@NullMarked
package dev.wsroute.e2e.bench.training;

import org.jspecify.annotations.NullMarked;
