// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** nginx, whose configuration file is replaced, followed by SIGHUP to the master process. Its log shows the reloads. */
record ReloadedNginx(int sparePort) implements Churned {

    private static final String CONTROL = """
            master_process on;
            error_log stderr notice;
            """;

    @Override
    public String label() {
        return ComparedProxy.NGINX.label();
    }

    @Override
    public boolean isInstalled() {
        return ComparedProxy.NGINX.isInstalled();
    }

    @Override
    public List<String> versionCommand() {
        return ComparedProxy.NGINX.versionCommand();
    }

    @Override
    public Launch launch(Path folder, Entrance entrance, int backendPort) throws IOException {
        return ComparedProxy.NGINX.start(
                folder, ComparedProxy.NGINX.configuration(entrance, List.of(backendPort), CONTROL));
    }

    @Override
    public void change(RunningProxy proxy, boolean spare) throws IOException, InterruptedException {
        Churned.replace(
                ComparedProxy.NGINX.configurationIn(proxy.folder()),
                ComparedProxy.NGINX.configuration(proxy.entrance(), proxy.backendPorts(spare, sparePort), CONTROL));
        reload(proxy);
    }

    @Override
    public void renew(RunningProxy proxy, Identity identity) throws IOException, InterruptedException {
        reload(proxy);
    }

    private static void reload(RunningProxy proxy) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-HUP", Long.toString(proxy.pid())).start();
        if (kill.waitFor() != 0) {
            throw new IOException("it has ended");
        }
    }

    @Override
    public long taken(RunningProxy proxy) throws IOException {
        return proxy.output().stream()
                .filter(line -> line.endsWith(": reconfiguring"))
                .count();
    }
}
