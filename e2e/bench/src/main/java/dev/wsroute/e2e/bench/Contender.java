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

    /** This project's proxy as {@code e2e/bench/build-before} built it from an earlier commit. */
    String BEFORE = "before";

    /** This project's proxy without TLS, beside those with it. */
    String PLAIN = "plain";

    /** The contenders that a JIT compiler makes fast, and that differ in nothing but the code. */
    Set<String> WARMED_UP = Set.of(OURS, BEFORE, PLAIN);

    /** The load generator on its own backends, with no proxy between: its ceiling. */
    String DIRECT = "direct";

    /** As in the tables and for {@code --proxies}. */
    String label();

    /** Whether its program is installed. */
    boolean isInstalled();

    /** Whether its clients speak TLS where the benchmark is about that. */
    default boolean canTls() {
        return true;
    }

    /** The command that prints its version. */
    List<String> versionCommand();

    /**
     * Prepares one that passes everything on to {@code backendPort} of 127.0.0.1.
     *
     * @param folder an empty folder of its own, where its configuration goes
     */
    Launch launch(Path folder, Entrance entrance, int backendPort) throws IOException;

    /**
     * The same proxy, set up so that its endpoints can change while it runs; empty where it has no such thing.
     *
     * @param sparePort of the endpoint that is added and removed
     */
    default Optional<Churned> churned(int sparePort) throws IOException {
        return Optional.empty();
    }

    /**
     * How to start one; it stays one process with the pid that it was started with.
     *
     * @param environment what is added to this program's own
     */
    record Launch(List<String> command, Map<String, String> environment) {

        Launch(List<String> command) {
            this(command, Map.of());
        }
    }
}
