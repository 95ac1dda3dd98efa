// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.util.List;
import java.util.stream.Collectors;

/** The text of an nginx configuration: a server for each certificate, all with the same location. */
final class NginxConfiguration {

    /** Control of an nginx that does not reload. */
    static final String ONE_PROCESS = """
            master_process off;
            error_log stderr;
            """;

    private static final String TLS = """
              ssl_protocols TLSv1.2 TLSv1.3;
              ssl_ecdh_curve X25519;
              server_names_hash_max_size 65536;
              server_names_hash_bucket_size 128;
            """;
    private static final String LOCATION = """
            %s    location / {
            %s      proxy_pass http://backends;
                  proxy_http_version 1.1;
                  proxy_set_header Upgrade $http_upgrade;
                  proxy_set_header Connection "upgrade";
                  proxy_read_timeout 1h;
                }
              }
            """;

    private NginxConfiguration() {}

    static String of(Entrance entrance, List<Integer> backendPorts, String control, NginxAccess access) {
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
                %s""".formatted(control, ComparedProxy.each(backendPorts, "server 127.0.0.1:%d;"), access.http())
                + servers(entrance, LOCATION.formatted(access.server(), access.location()))
                + "}\n";
    }

    private static String servers(Entrance entrance, String location) {
        String first = "127.0.0.1:" + entrance.port() + (entrance.isSecure() ? " ssl" : "");
        if (!entrance.isSecure()) {
            return "  server {\n    listen " + first + " backlog=4096;\n" + location;
        }
        return TLS
                + entrance.identities().stream()
                        .map(identity -> server(
                                identity,
                                first + (identity.equals(entrance.identities().get(0)) ? " backlog=4096" : ""),
                                location))
                        .collect(Collectors.joining());
    }

    private static String server(Identity identity, String listen, String location) {
        return """
                  server {
                    listen %s;
                    server_name %s;
                    ssl_certificate %s;
                    ssl_certificate_key %s;
                """.formatted(listen, identity.host(), identity.certificate(), identity.key()) + location;
    }
}
