// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

/** The ports that every proxy pod reserves. Neither listeners nor backends may use them. */
public final class ProxyPorts {

    /** Port of {@code /config}, {@code /connections} and {@code /metrics}. */
    public static final int ADMIN = 9901;

    /** Port of the probes {@code /livez} and {@code /readyz}. */
    public static final int PROBES = 9902;

    private ProxyPorts() {}

    /** Whether a port is one of these. */
    public static boolean isReserved(int port) {
        return port == ADMIN || port == PROBES;
    }
}
