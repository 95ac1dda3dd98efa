@NullMarked
package dev.wsroute.proxy.routing;

import org.jspecify.annotations.NullMarked;
