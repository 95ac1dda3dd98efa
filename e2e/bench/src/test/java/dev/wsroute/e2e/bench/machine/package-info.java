@NullMarked
package dev.wsroute.e2e.bench.machine;

import org.jspecify.annotations.NullMarked;
