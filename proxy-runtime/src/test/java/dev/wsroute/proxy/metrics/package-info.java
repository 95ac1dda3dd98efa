@NullMarked
package dev.wsroute.proxy.metrics;

import org.jspecify.annotations.NullMarked;
