@NullMarked
package dev.wsroute.proxy.memory;

import org.jspecify.annotations.NullMarked;
