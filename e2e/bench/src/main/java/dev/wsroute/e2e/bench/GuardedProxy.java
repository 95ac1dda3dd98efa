// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A proxy with another configuration: one that checks who connects. */
record GuardedProxy(Contender proxy, Start start) implements Contender {

    /** Prepares it, as {@link Contender#launch} does. */
    interface Start {
        Launch launch(Path folder, Entrance entrance, int backendPort) throws IOException;
    }

    @Override
    public String label() {
        return proxy.label();
    }

    @Override
    public boolean isInstalled() {
        return proxy.isInstalled();
    }

    @Override
    public boolean canTls() {
        return false;
    }

    @Override
    public List<String> versionCommand() {
        return proxy.versionCommand();
    }

    @Override
    public Launch launch(Path folder, Entrance entrance, int backendPort) throws IOException {
        return start.launch(folder, entrance, backendPort);
    }
}
