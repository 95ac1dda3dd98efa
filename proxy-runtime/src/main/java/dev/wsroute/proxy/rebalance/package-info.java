/** Closes connections of endpoints and proxies that have more than their fair share. */
@NullMarked
package dev.wsroute.proxy.rebalance;

import org.jspecify.annotations.NullMarked;
