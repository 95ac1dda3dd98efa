@NullMarked
package dev.wsroute.e2e;

import org.jspecify.annotations.NullMarked;
