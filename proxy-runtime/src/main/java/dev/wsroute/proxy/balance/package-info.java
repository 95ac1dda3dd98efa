/** Load balancing: from a rule to an endpoint. */
@NullMarked
package dev.wsroute.proxy.balance;

import org.jspecify.annotations.NullMarked;
