@NullMarked
package dev.wsroute.e2e.training;

import org.jspecify.annotations.NullMarked;
