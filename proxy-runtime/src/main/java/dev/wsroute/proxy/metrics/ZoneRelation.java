// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

/** Where an endpoint is, seen from the proxy. */
public enum ZoneRelation {
    /** In the proxy's own zone. */
    SAME,
    /** In another zone. */
    OTHER,
    /** The zone of the proxy or that of the endpoint is unknown. */
    UNKNOWN
}
