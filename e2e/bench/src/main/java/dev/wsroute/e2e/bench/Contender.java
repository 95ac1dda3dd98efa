// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A proxy that can be measured. */
interface Contender {

    /** The bare relay: the floor that ratios refer to. */
    String RELAY = "relay";

    /** This project's proxy. */
    String OURS = "ours";

    /** This project's proxy as {@code e2e/build-before} built it from an earlier commit. */
    String BEFORE = "before";

    /** This project's proxy without TLS, as a comparison for those with TLS. */
    String PLAIN = "plain";

    /** The contenders that need a warm-up of the JIT compiler: all versions of our proxy. */
    Set<String> WARMED_UP = Set.of(OURS, BEFORE, PLAIN);

    /** The load generator without a proxy: its upper limit. */
    String DIRECT = "direct";

    /** Name in the tables and for {@code --proxies}. */
    String label();

    /** Whether its program is installed. */
    boolean isInstalled();

    /** Whether its clients use TLS in a benchmark with TLS. */
    default boolean canTls() {
        return true;
    }

    /** The command that prints its version. */
    List<String> versionCommand();

    /**
     * Prepares a proxy that forwards everything to {@code backendPort} of 127.0.0.1.
     *
     * @param folder an empty folder for its configuration
     */
    Launch launch(Path folder, Entrance entrance, int backendPort) throws IOException;

    /**
     * The same proxy with endpoints that can change while it runs; empty if it does not support that.
     *
     * @param sparePort of the endpoint that is added and removed
     */
    default Optional<Churned> churned(int sparePort) throws IOException {
        return Optional.empty();
    }

    /**
     * The same proxy with a check of who connects; empty if it does not have that one.
     *
     * @param check one of {@link LoadScenario#access}
     */
    default Optional<Contender> guarded(LoadScenario check, AccessWork work) {
        return Optional.empty();
    }

    /**
     * How to start it. It remains one process with the pid of its start.
     *
     * @param environment variables in addition to those of this program
     */
    record Launch(List<String> command, Map<String, String> environment) {

        Launch(List<String> command) {
            this(command, Map.of());
        }
    }
}
