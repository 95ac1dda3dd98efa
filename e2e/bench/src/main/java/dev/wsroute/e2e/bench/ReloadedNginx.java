package dev.wsroute.e2e.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** nginx, whose configuration file is replaced, with SIGHUP to its master process each time; its log tells of reloads. */
record ReloadedNginx(int sparePort) implements Churned {

    private static final String CONTROL = """
            master_process on;
            error_log stderr notice;
            """;

    @Override
    public String label() {
        return Peer.NGINX.label();
    }

    @Override
    public boolean isInstalled() {
        return Peer.NGINX.isInstalled();
    }

    @Override
    public List<String> versionCommand() {
        return Peer.NGINX.versionCommand();
    }

    @Override
    public Launch launch(Path folder, int port, int backendPort) throws IOException {
        return Peer.NGINX.start(folder, Peer.NGINX.configuration(port, List.of(backendPort), CONTROL));
    }

    @Override
    public void change(RunningProxy proxy, boolean spare) throws IOException, InterruptedException {
        Churned.replace(
                Peer.NGINX.configurationIn(proxy.folder()),
                Peer.NGINX.configuration(proxy.port(), proxy.backendPorts(spare, sparePort), CONTROL));
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
