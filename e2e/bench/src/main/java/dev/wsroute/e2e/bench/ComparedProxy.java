// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import dev.wsroute.e2e.bench.machine.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Proxies from apt, each on one core, which only forward WebSockets. */
enum ComparedProxy implements Contender {
    NGINX("nginx", "-v") {

        @Override
        public Launch launch(Path folder, Entrance entrance, int backendPort) throws IOException {
            return start(folder, configuration(entrance, List.of(backendPort), NginxConfiguration.ONE_PROCESS));
        }

        @Override
        Launch start(Path folder, String configuration) throws IOException {
            Path config = write(folder, configuration);
            return new Launch(List.of(program(), "-e", "stderr", "-p", folder.toString(), "-c", config.toString()));
        }

        @Override
        String configuration(Entrance entrance, List<Integer> backendPorts, String control) {
            return NginxConfiguration.of(entrance, backendPorts, control, NginxAccess.NONE);
        }

        @Override
        public Optional<Contender> guarded(LoadScenario check, AccessWork work) {
            return NginxAccess.of(check, work)
                    .map(access -> new GuardedProxy(
                            this,
                            (folder, entrance, port) -> start(
                                    folder,
                                    NginxConfiguration.of(
                                            entrance, List.of(port), NginxConfiguration.ONE_PROCESS, access))));
        }

        @Override
        public Optional<Churned> churned(int sparePort) {
            return Optional.of(new ReloadedNginx(sparePort));
        }
    },

    HAPROXY("haproxy", "-v") {

        @Override
        public Launch launch(Path folder, Entrance entrance, int backendPort) throws IOException {
            return start(folder, configuration(entrance, List.of(backendPort), ""));
        }

        @Override
        Launch start(Path folder, String configuration) throws IOException {
            return new Launch(
                    List.of(program(), "-db", "-f", write(folder, configuration).toString()));
        }

        @Override
        String configuration(Entrance entrance, List<Integer> backendPorts, String control) {
            return HaproxyConfiguration.of(entrance, backendPorts, control, HaproxyAccess.NONE);
        }

        @Override
        public Optional<Contender> guarded(LoadScenario check, AccessWork work) {
            return HaproxyAccess.of(check, work)
                    .map(access -> new GuardedProxy(
                            this,
                            (folder, entrance, port) ->
                                    start(folder, HaproxyConfiguration.of(entrance, List.of(port), "", access))));
        }

        @Override
        public Optional<Churned> churned(int sparePort) {
            return Optional.of(new SwitchedHaproxy(sparePort));
        }
    },

    CADDY("caddy", "version") {

        @Override
        public Launch launch(Path folder, Entrance entrance, int backendPort) throws IOException {
            return start(folder, configuration(entrance, List.of(backendPort), "off"));
        }

        @Override
        Launch start(Path folder, String configuration) throws IOException {
            Path config = write(folder, configuration);
            return new Launch(
                    List.of(program(), "run", "--adapter", "caddyfile", "--config", config.toString()),
                    Map.of(
                            "GOMAXPROCS", "1",
                            "HOME", folder.toString(),
                            "XDG_CONFIG_HOME", folder.toString(),
                            "XDG_DATA_HOME", folder.toString()));
        }

        @Override
        String configuration(Entrance entrance, List<Integer> backendPorts, String control) {
            String upstreams = each(backendPorts, " 127.0.0.1:%d");
            String global = "{\n  admin " + control + "\n  auto_https off\n}\n";
            if (!entrance.isSecure()) {
                return global + site("http://127.0.0.1:" + entrance.port(), "", upstreams);
            }
            return global + site("https://:" + entrance.port(), tls(entrance.identities()), upstreams);
        }

        /**
         * A client without SNI gets the only certificate. Many are loaded from their folder: a site for each of thousands
         * would take Caddy hours to read.
         */
        private static String tls(List<Identity> identities) {
            Identity first = identities.get(0);
            String one = " " + first.certificate() + " " + first.key();
            String many = "    load " + first.both().getParent() + "\n";
            return """
                      tls%s {
                    %s    protocols tls1.2 tls1.3
                        curves x25519
                      }
                    """.formatted(identities.size() == 1 ? one : "", identities.size() == 1 ? "" : many);
        }

        private static String site(String address, String tls, String upstreams) {
            return """
                    %s {
                      bind 127.0.0.1
                    %s  reverse_proxy%s
                    }
                    """.formatted(address, tls, upstreams);
        }

        @Override
        public Optional<Churned> churned(int sparePort) throws IOException {
            return Optional.of(new ReloadedCaddy(sparePort, RunningProxy.freePort()));
        }
    };

    private final String command;
    private final String versionFlag;

    ComparedProxy(String command, String versionFlag) {
        this.command = command;
        this.versionFlag = versionFlag;
    }

    @Override
    public String label() {
        return command;
    }

    @Override
    public boolean isInstalled() {
        return Programs.find(command).isPresent();
    }

    @Override
    public List<String> versionCommand() {
        return List.of(program(), versionFlag);
    }

    /** Prepares a proxy with its own configuration. */
    abstract Launch start(Path folder, String configuration) throws IOException;

    /**
     * A configuration that listens on this entrance and forwards everything to ports of 127.0.0.1.
     *
     * @param control the part that allows changes while it runs
     */
    abstract String configuration(Entrance entrance, List<Integer> backendPorts, String control);

    /** Path of its configuration. */
    Path configurationIn(Path folder) {
        return folder.resolve(command + ".conf");
    }

    Path write(Path folder, String configuration) throws IOException {
        return Files.writeString(configurationIn(folder), configuration);
    }

    static String each(List<Integer> ports, String format) {
        return ports.stream().map(format::formatted).collect(Collectors.joining());
    }

    String program() {
        return Programs.find(command).orElse(Path.of(command)).toString();
    }
}
