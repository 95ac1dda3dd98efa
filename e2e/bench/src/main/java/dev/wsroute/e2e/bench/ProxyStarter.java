// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Starts proxies in front of the load generator's backends.
 *
 * @param core on which they run
 * @param folder for their files; each gets a subfolder
 * @param identities certificates that they present, if they support TLS; empty: without TLS
 */
record ProxyStarter(Processes processes, int core, Path folder, List<Identity> identities, int backendPort) {

    RunningProxy start(Contender contender) throws IOException, InterruptedException {
        return start(contender, identities);
    }

    /** The same with other certificates. */
    RunningProxy start(Contender contender, List<Identity> others) throws IOException, InterruptedException {
        return RunningProxy.start(contender, processes, core, folder, others, backendPort);
    }
}
