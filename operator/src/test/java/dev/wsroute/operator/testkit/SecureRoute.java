// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.testkit;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.compile.Compilation.Compiled;
import dev.wsroute.operator.compile.RouteCompiler;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.Optional;

/** The route {@code apps/chat} with a listener {@code wss} that uses {@link #SECRET} and {@link #CLIENTS}, and TLS to its backend. */
public final class SecureRoute {

    /** As proxies report it. */
    public static final String SECRET = "Secret apps/chat-tls";

    /** As proxies report it. */
    public static final String CLIENTS = "ConfigMap apps/clients";

    /** As proxies report it. */
    public static final String BACKEND_CA = "ConfigMap apps/chat-ca";

    /** As proxies report it. */
    public static final String PROXY_CLIENT = "Secret apps/proxy-client";

    private SecureRoute() {}

    public static WebSocketRoute create() {
        return Serialization.unmarshal("""
                apiVersion: wsroute.dev/v1alpha1
                kind: WebSocketRoute
                metadata: {name: chat, namespace: apps, generation: 3, uid: u}
                spec:
                  rules:
                  - name: main
                    backendRefs:
                    - service: {name: chat, port: ws}
                      tls:
                        caCertificateRefs: [{name: chat-ca}]
                        clientCertificateRef: {name: proxy-client}
                  proxy:
                    listeners:
                    - name: wss
                      port: 443
                      protocol: HTTPS
                      tls:
                        certificateRefs: [{name: chat-tls}]
                        clientCertificates: {caCertificateRefs: [{name: clients}]}
                """, WebSocketRoute.class);
    }

    public static Compiled compiled() {
        return (Compiled)
                RouteCompiler.compile(create(), name -> Optional.of(ChatService.create()), OwnNamespace.ONLY, Map.of());
    }
}
