// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * This project's proxy as it is packaged, with a configuration file, its access log in JSON and its metrics.
 *
 * @param label {@link #OURS}, {@link #PLAIN}, or {@link #BEFORE} for an older version
 * @param jar {@code wsroute-proxy.jar}
 */
record OurProxy(String label, Path jar, JavaRuntime runtime) implements Contender {

    @Override
    public boolean isInstalled() {
        return Files.isReadable(jar);
    }

    @Override
    public boolean canTls() {
        return !label.equals(PLAIN);
    }

    @Override
    public List<String> versionCommand() {
        return List.of(runtime.java(), "-jar", jar.toString(), "--version");
    }

    @Override
    public Launch launch(Path folder, Entrance entrance, int backendPort) throws IOException {
        return launch(folder, configuration(entrance, List.of(backendPort)), 0);
    }

    @Override
    public Optional<Churned> churned(int sparePort) throws IOException {
        return Optional.of(new RewrittenOurs(this, sparePort, RunningProxy.freePort()));
    }

    @Override
    public Optional<Contender> guarded(LoadScenario check, AccessWork work) {
        boolean current = label.equals(OURS);
        boolean older = label.equals(BEFORE) && check == LoadScenario.ACCESS_NONE;
        if (!current && !older) {
            return Optional.empty();
        }
        return OurAccess.of(check, work)
                .map(access -> new GuardedProxy(
                        this,
                        (folder, entrance, port) -> launch(folder, configuration(entrance, List.of(port), access), 0)));
    }

    /** Prepares a proxy with this configuration and its admin server on a port of 127.0.0.1; 0: any port. */
    Launch launch(Path folder, String configuration, int adminPort) throws IOException {
        Files.createDirectories(configurationIn(folder).getParent());
        Path config = Files.writeString(configurationIn(folder), configuration);
        List<String> command = new ArrayList<>(List.of(runtime.java()));
        command.addAll(runtime.flags());
        command.addAll(List.of("-jar", jar.toString(), "--config", config.toString()));
        command.addAll(List.of("--bind-address", "127.0.0.1", "--admin-port", Integer.toString(adminPort)));
        command.addAll(List.of("--log-format", "json"));
        return new Launch(command);
    }

    /** Apart from its output: the proxy watches the configuration's folder, and each access log line would wake it. */
    static Path configurationIn(Path folder) {
        return folder.resolve("config").resolve("proxy.yaml");
    }

    /** A configuration that listens there and forwards everything to these ports of 127.0.0.1. */
    static String configuration(Entrance entrance, List<Integer> backendPorts) {
        return configuration(entrance, backendPorts, "");
    }

    private static String configuration(Entrance entrance, List<Integer> backendPorts, String access) {
        String endpoints = backendPorts.stream()
                .map(each -> "{address: 127.0.0.1, port: " + each + "}")
                .collect(Collectors.joining(", "));
        return """
                listeners:
                  - {name: ws, address: 127.0.0.1, port: %d%s}
                accessLog: {enabled: true, format: JSON}
                drain: {delay: 0s, over: 1s}
                limits:
                  connectionsPerProxy: 15000
                  connectionsPerClient: 14000
                  handshakesPerSecondPerProxy: 1000000
                  pendingHandshakesPerProxy: 14000
                routes:
                  - name: websocket
                    rules:
                      - name: all
                        connections: {maxMessageBytes: 1048576}
                %s        backends:
                          - name: local
                            endpoints: [%s]
                """.formatted(entrance.port(), tls(entrance), access, endpoints);
    }

    private static String tls(Entrance entrance) {
        if (!entrance.isSecure()) {
            return "";
        }
        return entrance.identities().stream()
                .map(identity -> "{certificateFile: " + identity.certificate() + ", keyFile: " + identity.key() + "}")
                .collect(Collectors.joining(", ", ", protocol: HTTPS, tls: {certificates: [", "]}"));
    }
}
