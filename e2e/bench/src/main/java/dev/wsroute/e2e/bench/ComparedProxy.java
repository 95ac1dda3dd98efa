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

/** The proxies that apt installs, each on one core, with WebSocket passed through and nothing else switched on. */
enum ComparedProxy implements Contender {
    NGINX("nginx", "-v") {

        @Override
        public Launch launch(Path folder, int port, int backendPort) throws IOException {
            return start(folder, configuration(port, List.of(backendPort), """
                    master_process off;
                    error_log stderr;
                    """));
        }

        @Override
        Launch start(Path folder, String configuration) throws IOException {
            Path config = write(folder, configuration);
            return new Launch(List.of(program(), "-e", "stderr", "-p", folder.toString(), "-c", config.toString()));
        }

        @Override
        String configuration(int port, List<Integer> backendPorts, String control) {
            return """
                    worker_processes 1;
                    daemon off;
                    %spid nginx.pid;
                    events { worker_connections 16384; }
                    http {
                      access_log off;
                      client_body_temp_path body;
                      proxy_temp_path proxy;
                      fastcgi_temp_path fastcgi;
                      uwsgi_temp_path uwsgi;
                      scgi_temp_path scgi;
                      upstream backends { %s }
                      server {
                        listen 127.0.0.1:%d backlog=4096;
                        location / {
                          proxy_pass http://backends;
                          proxy_http_version 1.1;
                          proxy_set_header Upgrade $http_upgrade;
                          proxy_set_header Connection "upgrade";
                          proxy_read_timeout 1h;
                        }
                      }
                    }
                    """.formatted(control, each(backendPorts, "server 127.0.0.1:%d;"), port);
        }

        @Override
        public Optional<Churned> churned(int sparePort) {
            return Optional.of(new ReloadedNginx(sparePort));
        }
    },

    HAPROXY("haproxy", "-v") {

        @Override
        public Launch launch(Path folder, int port, int backendPort) throws IOException {
            return start(folder, configuration(port, List.of(backendPort), ""));
        }

        @Override
        Launch start(Path folder, String configuration) throws IOException {
            return new Launch(
                    List.of(program(), "-db", "-f", write(folder, configuration).toString()));
        }

        /** Servers behind the first one are disabled at first. */
        @Override
        String configuration(int port, List<Integer> backendPorts, String control) {
            List<Integer> spare = backendPorts.subList(1, backendPorts.size());
            return """
                    global
                      nbthread 1
                      maxconn 9000
                    %sdefaults
                      mode http
                      timeout connect 5s
                      timeout client 1h
                      timeout server 1h
                      timeout tunnel 1h
                    frontend ws
                      bind 127.0.0.1:%d backlog 4096
                      default_backend backends
                    backend backends
                      server local 127.0.0.1:%d
                    """.formatted(control, port, backendPorts.get(0))
                    + each(spare, "  server spare 127.0.0.1:%d disabled\n");
        }

        @Override
        public Optional<Churned> churned(int sparePort) {
            return Optional.of(new SwitchedHaproxy(sparePort));
        }
    },

    CADDY("caddy", "version") {

        @Override
        public Launch launch(Path folder, int port, int backendPort) throws IOException {
            return start(folder, configuration(port, List.of(backendPort), "off"));
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
        String configuration(int port, List<Integer> backendPorts, String control) {
            return """
                    {
                      admin %s
                      auto_https off
                    }
                    http://127.0.0.1:%d {
                      bind 127.0.0.1
                      reverse_proxy%s
                    }
                    """.formatted(control, port, each(backendPorts, " 127.0.0.1:%d"));
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

    /** Prepares one with a configuration of its own. */
    abstract Launch start(Path folder, String configuration) throws IOException;

    /**
     * A configuration that listens on {@code port} and passes everything on to ports of 127.0.0.1.
     *
     * @param control the part that makes it controllable while it runs
     */
    abstract String configuration(int port, List<Integer> backendPorts, String control);

    /** Where its configuration is. */
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
