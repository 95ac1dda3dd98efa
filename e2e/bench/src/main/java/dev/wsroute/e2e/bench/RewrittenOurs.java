// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** This project's proxy, whose configuration file is replaced. Its metrics count the applied ones. */
record RewrittenOurs(OurProxy proxy, int sparePort, int adminPort) implements Churned {

    private static final String APPLIED = "wsroute_config_applied_total";

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
        return proxy.canTls();
    }

    @Override
    public List<String> versionCommand() {
        return proxy.versionCommand();
    }

    @Override
    public Launch launch(Path folder, Entrance entrance, int backendPort) throws IOException {
        return proxy.launch(folder, OurProxy.configuration(entrance, List.of(backendPort)), adminPort);
    }

    @Override
    public void change(RunningProxy running, boolean spare) throws IOException {
        Churned.replace(
                OurProxy.configurationIn(running.folder()),
                OurProxy.configuration(running.entrance(), running.backendPorts(spare, sparePort)));
    }

    /** Nothing to do: the proxy watches its files. */
    @Override
    public void renew(RunningProxy running, Identity identity) {}

    @Override
    public long taken(RunningProxy running) throws IOException, InterruptedException {
        return Math.round(new Scrape(adminPort).value(APPLIED));
    }
}
