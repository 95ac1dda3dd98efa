/** Budgets for the bytes that peers can make the proxy hold. */
@NullMarked
package dev.wsroute.proxy.memory;

import org.jspecify.annotations.NullMarked;
