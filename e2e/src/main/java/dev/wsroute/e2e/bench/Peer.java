package dev.wsroute.e2e.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The proxies that apt installs, each on one core, with WebSocket passed through and nothing else switched on. */
enum Peer implements Contender {
    NGINX("nginx", "-v") {

        @Override
        public Launch launch(Path folder, int port, int backendPort) throws IOException {
            Path config = Files.writeString(folder.resolve("nginx.conf"), """
                    worker_processes 1;
                    daemon off;
                    master_process off;
                    pid nginx.pid;
                    error_log stderr;
                    events { worker_connections 16384; }
                    http {
                      access_log off;
                      client_body_temp_path body;
                      proxy_temp_path proxy;
                      fastcgi_temp_path fastcgi;
                      uwsgi_temp_path uwsgi;
                      scgi_temp_path scgi;
                      upstream backends { server 127.0.0.1:%d; }
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
                    """.formatted(backendPort, port));
            return new Launch(List.of(program(), "-e", "stderr", "-p", folder.toString(), "-c", config.toString()));
        }
    },

    HAPROXY("haproxy", "-v") {

        @Override
        public Launch launch(Path folder, int port, int backendPort) throws IOException {
            Path config = Files.writeString(folder.resolve("haproxy.cfg"), """
                    global
                      nbthread 1
                      maxconn 9000
                    defaults
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
                    """.formatted(port, backendPort));
            return new Launch(List.of(program(), "-db", "-f", config.toString()));
        }
    },

    CADDY("caddy", "version") {

        @Override
        public Launch launch(Path folder, int port, int backendPort) throws IOException {
            Path config = Files.writeString(folder.resolve("Caddyfile"), """
                    {
                      admin off
                      auto_https off
                    }
                    http://127.0.0.1:%d {
                      bind 127.0.0.1
                      reverse_proxy 127.0.0.1:%d
                    }
                    """.formatted(port, backendPort));
            return new Launch(
                    List.of(program(), "run", "--adapter", "caddyfile", "--config", config.toString()),
                    Map.of(
                            "GOMAXPROCS", "1",
                            "HOME", folder.toString(),
                            "XDG_CONFIG_HOME", folder.toString(),
                            "XDG_DATA_HOME", folder.toString()));
        }
    };

    // Debian keeps daemons where the PATH of a plain user does not lead.
    private static final List<String> FURTHER_FOLDERS = List.of("/usr/sbin", "/usr/local/sbin");

    private final String command;
    private final String versionFlag;

    Peer(String command, String versionFlag) {
        this.command = command;
        this.versionFlag = versionFlag;
    }

    @Override
    public String label() {
        return command;
    }

    @Override
    public boolean isInstalled() {
        return find(command).isPresent();
    }

    @Override
    public List<String> versionCommand() {
        return List.of(program(), versionFlag);
    }

    String program() {
        return find(command).orElse(Path.of(command)).toString();
    }

    /** An executable of this name on the PATH or where daemons lie. */
    static Optional<Path> find(String command) {
        return Stream.concat(Stream.of(System.getenv("PATH").split(File.pathSeparator)), FURTHER_FOLDERS.stream())
                .map(folder -> Path.of(folder, command))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
