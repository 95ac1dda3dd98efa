@NullMarked
package dev.wsroute.api;

import org.jspecify.annotations.NullMarked;
