@NullMarked
package dev.wsroute.proxy.origin;

import org.jspecify.annotations.NullMarked;
