// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.admin;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Options of the admin port and the probe port.
 *
 * @param address of both ports
 * @param port for people, metrics and probes; 0 for any free port
 * @param probePort for probes only; null for none
 * @param tokenFile file with the token that gives other machines access to the detail pages; null for no access
 */
public record AdminOptions(
        String address,
        int port,
        @Nullable Integer probePort,
        @Nullable Path tokenFile) {}
