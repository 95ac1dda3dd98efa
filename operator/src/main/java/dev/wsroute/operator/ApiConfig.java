// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Finds the API by the kubeconfig or the pod's environment. Errors here are permanent, so nothing is retried. */
final class ApiConfig {

    /** By default the client retries for minutes; the log should say earlier that the API is unavailable. */
    private static final int REQUEST_RETRIES = 4;

    /** The client's default when no API server is configured. */
    private static final String UNNAMED = "https://kubernetes.default.svc";

    private ApiConfig() {}

    /** @throws OperatorStartupException if no API server is configured, or the kubeconfig cannot be used */
    static Config find(Map<String, String> environment) throws OperatorStartupException {
        String named = environment.getOrDefault("KUBECONFIG", "");
        List<String> files = Arrays.stream(named.split(File.pathSeparator))
                .filter(file -> !file.isBlank())
                .toList();
        if (!files.isEmpty() && files.stream().noneMatch(file -> Files.isReadable(Path.of(file)))) {
            throw new OperatorStartupException("KUBECONFIG is set to " + named + ", which cannot be read", null);
        }
        Config config;
        try {
            config = new ConfigBuilder(Config.autoConfigure(null))
                    .withRequestRetryBackoffLimit(REQUEST_RETRIES)
                    .withUserAgent("wsroute-operator")
                    .build();
        } catch (RuntimeException e) {
            throw new OperatorStartupException(
                    "the kubeconfig" + (named.isEmpty() ? "" : " " + named) + " cannot be used: "
                            + ApiAccess.rootMessage(e),
                    e);
        }
        if (config.getMasterUrl().startsWith(UNNAMED) && !environment.containsKey("KUBERNETES_SERVICE_HOST")) {
            throw new OperatorStartupException(
                    (files.isEmpty()
                                    ? "no kubeconfig was found"
                                    : "KUBECONFIG is set to " + named + ", which has no current context")
                            + " and this process does not run in a pod, so the address of the Kubernetes API is unknown",
                    null);
        }
        return config;
    }
}
