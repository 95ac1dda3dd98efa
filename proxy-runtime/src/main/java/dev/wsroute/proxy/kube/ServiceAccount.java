// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import dev.wsroute.proxy.pem.Pem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A pod's access to the API: https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/. */
final class ServiceAccount {

    static final Path FOLDER = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    private static final String HOST = "KUBERNETES_SERVICE_HOST";
    private static final String PORT = "KUBERNETES_SERVICE_PORT";

    private ServiceAccount() {}

    /** @return null outside a pod */
    static @Nullable ApiServer find(Map<String, String> environment, Path folder) throws IOException {
        String host = environment.get(HOST);
        if (host == null || host.isEmpty()) {
            return null;
        }
        Path authority = folder.resolve("ca.crt");
        Tls tls = new Tls(Pem.certificates("file " + authority, CredentialFile.read(authority)), null);
        Path token = folder.resolve("token");
        String url = "https://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":"
                + environment.getOrDefault(PORT, "443");
        return ApiServer.at(url, tls.context(), null, new TokenFile(token));
    }
}
