package dev.wsroute.proxy;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where probes and people are answered.
 *
 * @param address of both ports
 * @param port for people, metrics and probes; 0: the system chooses
 * @param probePort for probes alone; null: there is none
 * @param tokenFile holds the token that opens details to other machines; null: nothing does
 */
record AdminOptions(
        String address,
        int port,
        @Nullable Integer probePort,
        @Nullable Path tokenFile) {}
