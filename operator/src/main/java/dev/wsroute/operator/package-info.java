@NullMarked
package dev.wsroute.operator;

import org.jspecify.annotations.NullMarked;
