/** Budgets for memory that peers can make the proxy use. */
@NullMarked
package dev.wsroute.proxy.memory;

import org.jspecify.annotations.NullMarked;
