// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.util.List;

/** The text of an HAProxy configuration. */
final class HaproxyConfiguration {

    private HaproxyConfiguration() {}

    /** All servers but the first are disabled initially. */
    static String of(Entrance entrance, List<Integer> backendPorts, String control, HaproxyAccess access) {
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
                %sfrontend ws
                  bind 127.0.0.1:%d backlog 4096%s
                %s  default_backend backends
                backend backends
                  server local 127.0.0.1:%d
                """.formatted(
                                control,
                                access.section(),
                                entrance.port(),
                                tls(entrance),
                                access.frontend(),
                                backendPorts.get(0))
                + ComparedProxy.each(spare, "  server spare 127.0.0.1:%d disabled\n");
    }

    private static String tls(Entrance entrance) {
        if (!entrance.isSecure()) {
            return "";
        }
        return " ssl curves X25519 ssl-min-ver TLSv1.2 crt-list "
                + entrance.identities().get(0).list();
    }
}
