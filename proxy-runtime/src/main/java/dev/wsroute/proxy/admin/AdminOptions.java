package dev.wsroute.proxy.admin;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Options of the admin port and the probe port.
 *
 * @param address of both ports
 * @param port for people, metrics and probes; 0: the system chooses it
 * @param probePort for probes alone; null: there is none
 * @param tokenFile holds the token that opens details to other machines; null: they are never open to other machines
 */
public record AdminOptions(
        String address,
        int port,
        @Nullable Integer probePort,
        @Nullable Path tokenFile) {}
