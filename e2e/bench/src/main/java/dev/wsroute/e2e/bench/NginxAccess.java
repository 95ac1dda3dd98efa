// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.util.Optional;

/**
 * The parts of an nginx configuration that check who connects.
 *
 * @param http in the block {@code http}
 * @param server in the block {@code server}
 * @param location where it forwards
 */
record NginxAccess(String http, String server, String location) {

    static final NginxAccess NONE = new NginxAccess("", "", "");

    /** Empty if it has no such check: without a subscription, it knows no tokens. */
    static Optional<NginxAccess> of(LoadScenario check, AccessWork work) {
        return switch (check) {
            case ACCESS_NONE -> Optional.of(NONE);
            case ACCESS_ORIGIN ->
                Optional.of(new NginxAccess(
                        "  map $http_origin $refused { default 1; \"\" 0; \"" + AccessWork.ORIGIN + "\" 0; }\n",
                        "",
                        "      if ($refused) { return 403; }\n"));
            case ACCESS_EXTERNAL -> Optional.of(external(work.servicePort()));
            case ACCESS_PASSWORD ->
                Optional.of(new NginxAccess(
                        "", "", "      auth_basic bench;\n      auth_basic_user_file " + work.passwords() + ";\n"));
            default -> Optional.empty();
        };
    }

    private static NginxAccess external(int port) {
        return new NginxAccess(
                "  upstream authorizer { server 127.0.0.1:%d; keepalive 32; }\n".formatted(port),
                """
                    location = /auth {
                      internal;
                      proxy_pass http://authorizer;
                      proxy_http_version 1.1;
                      proxy_pass_request_body off;
                      proxy_set_header Connection "";
                      proxy_set_header Content-Length "";
                      proxy_set_header X-Original-Method $request_method;
                      proxy_set_header X-Original-URI $request_uri;
                      proxy_set_header X-Forwarded-For $remote_addr;
                    }
                """,
                "      auth_request /auth;\n");
    }
}
