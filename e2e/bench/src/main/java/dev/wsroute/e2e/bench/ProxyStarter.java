// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Starts proxies before the load generator's backends.
 *
 * @param core that they run on
 * @param folder where they keep their files, each in a folder of its own
 * @param identities what they present, if they can; empty: they speak no TLS
 */
record ProxyStarter(Processes processes, int core, Path folder, List<Identity> identities, int backendPort) {

    RunningProxy start(Contender contender) throws IOException, InterruptedException {
        return start(contender, identities);
    }

    /** Starts one that presents others. */
    RunningProxy start(Contender contender, List<Identity> others) throws IOException, InterruptedException {
        return RunningProxy.start(contender, processes, core, folder, others, backendPort);
    }
}
