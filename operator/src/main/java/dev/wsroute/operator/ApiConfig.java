package dev.wsroute.operator;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Where the API is, by the kubeconfig or the pod. What is wrong with these does not pass by waiting. */
final class ApiConfig {

    /** The client's own patience is minutes; who waits for the API should hear of that before. */
    private static final int REQUEST_RETRIES = 4;

    /** Where the client looks for an API that nobody named. */
    private static final String UNNAMED = "https://kubernetes.default.svc";

    private ApiConfig() {}

    /** @throws StartupException when no API is named, or by a file that cannot be used */
    static Config find(Map<String, String> environment) throws StartupException {
        String named = environment.getOrDefault("KUBECONFIG", "");
        List<String> files = Arrays.stream(named.split(File.pathSeparator))
                .filter(file -> !file.isBlank())
                .toList();
        if (!files.isEmpty() && files.stream().noneMatch(file -> Files.isReadable(Path.of(file)))) {
            throw new StartupException("KUBECONFIG names " + named + ", which cannot be read", null);
        }
        Config config;
        try {
            config = new ConfigBuilder(Config.autoConfigure(null))
                    .withRequestRetryBackoffLimit(REQUEST_RETRIES)
                    .withUserAgent("wsroute-operator")
                    .build();
        } catch (RuntimeException e) {
            throw new StartupException(
                    "the kubeconfig" + (named.isEmpty() ? "" : " " + named) + " cannot be used: "
                            + ApiAccess.rootMessage(e),
                    e);
        }
        if (config.getMasterUrl().startsWith(UNNAMED) && !environment.containsKey("KUBERNETES_SERVICE_HOST")) {
            throw new StartupException(
                    (files.isEmpty()
                                    ? "there is no kubeconfig"
                                    : "KUBECONFIG names " + named + ", which has no current context")
                            + ", and this process is not in a pod: nothing says where the Kubernetes API is",
                    null);
        }
        return config;
    }
}
