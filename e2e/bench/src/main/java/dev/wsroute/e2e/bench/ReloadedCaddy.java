// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Caddy, whose admin API receives a whole configuration each time. Its metrics count the loaded ones. */
record ReloadedCaddy(int sparePort, int adminPort) implements Churned {

    private static final String LOADED =
            "caddy_admin_http_requests_total{code=\"200\",handler=\"load\",method=\"POST\",path=\"/load\"}";
    private static final int PATIENCE_MILLIS = 30_000;

    @Override
    public String label() {
        return ComparedProxy.CADDY.label();
    }

    @Override
    public boolean isInstalled() {
        return ComparedProxy.CADDY.isInstalled();
    }

    @Override
    public List<String> versionCommand() {
        return ComparedProxy.CADDY.versionCommand();
    }

    @Override
    public Launch launch(Path folder, Entrance entrance, int backendPort) throws IOException {
        return ComparedProxy.CADDY.start(
                folder, ComparedProxy.CADDY.configuration(entrance, List.of(backendPort), control()));
    }

    @Override
    public void change(RunningProxy proxy, boolean spare) throws IOException {
        String configuration =
                ComparedProxy.CADDY.configuration(proxy.entrance(), proxy.backendPorts(spare, sparePort), control());
        load(configuration);
    }

    private void load(String configuration) throws IOException {
        HttpURLConnection load = (HttpURLConnection)
                URI.create("http://" + control() + "/load").toURL().openConnection();
        load.setConnectTimeout(PATIENCE_MILLIS);
        load.setReadTimeout(PATIENCE_MILLIS);
        load.setRequestProperty("Content-Type", "text/caddyfile");
        // Otherwise Caddy does not reload an identical configuration.
        load.setRequestProperty("Cache-Control", "must-revalidate");
        // A reload restarts the admin server, so it is useless to keep the connection.
        load.setRequestProperty("Connection", "close");
        load.setDoOutput(true);
        try (OutputStream body = load.getOutputStream()) {
            body.write(configuration.getBytes(UTF_8));
        }
        if (load.getResponseCode() != HttpURLConnection.HTTP_OK) {
            throw new IOException("it answers " + load.getResponseCode() + " to a configuration");
        }
        load.disconnect();
    }

    @Override
    public void renew(RunningProxy proxy, Identity identity) throws IOException {
        load(Files.readString(ComparedProxy.CADDY.configurationIn(proxy.folder())));
    }

    @Override
    public long taken(RunningProxy proxy) throws IOException, InterruptedException {
        return Math.round(new Scrape(adminPort).value(LOADED));
    }

    private String control() {
        return "127.0.0.1:" + adminPort;
    }
}
