/** From a rule to an endpoint: weights, choice, live counts. */
@NullMarked
package dev.wsroute.proxy.balance;

import org.jspecify.annotations.NullMarked;
