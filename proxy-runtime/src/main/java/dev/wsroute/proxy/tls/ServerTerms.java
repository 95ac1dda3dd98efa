// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.config.ListenerTls.Version;
import org.jspecify.annotations.Nullable;

/**
 * What all contexts of a listener have in common.
 *
 * @param minVersion oldest protocol version
 * @param clients client certificates; null if none are asked for
 * @param resumption whether clients may resume sessions
 */
record ServerTerms(Version minVersion, @Nullable TrustedClients clients, boolean resumption) {}
