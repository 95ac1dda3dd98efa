/**
 * Fetches the key sets that routes name by a URI, for all proxies of the cluster at once. What a route's author wrote decides where
 * the operator connects to, so hosts, addresses, sizes, times and numbers are bounded here (ADR 54).
 */
@NullMarked
package dev.wsroute.operator.jwks;

import org.jspecify.annotations.NullMarked;
