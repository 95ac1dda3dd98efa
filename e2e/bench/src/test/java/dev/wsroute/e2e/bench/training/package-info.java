@NullMarked
package dev.wsroute.e2e.bench.training;

import org.jspecify.annotations.NullMarked;
