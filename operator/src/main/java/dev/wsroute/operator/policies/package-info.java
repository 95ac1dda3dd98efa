/** Policies: what WebSocketPolicies say about routes, and what became of it. */
@NullMarked
package dev.wsroute.operator.policies;

import org.jspecify.annotations.NullMarked;
