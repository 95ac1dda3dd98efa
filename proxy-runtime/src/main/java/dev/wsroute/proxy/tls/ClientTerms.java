// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import org.jspecify.annotations.Nullable;

/**
 * What connections to backends with the same settings have in common.
 *
 * @param servers whose certificates are accepted
 * @param identity that the proxy presents if it is asked for one; null for none
 */
record ClientTerms(TrustedServers servers, @Nullable ServerIdentity identity) {}
