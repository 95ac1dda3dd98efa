// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.discovery.SourceKey;

/** An endpoint of a source. */
public record Place(SourceKey source, EndpointKey endpoint) {}
