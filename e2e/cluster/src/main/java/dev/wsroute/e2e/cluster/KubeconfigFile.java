// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster;

import io.fabric8.kubernetes.client.Config;
import java.nio.file.Path;

/** Reads kubeconfig files. */
public final class KubeconfigFile {

    private static final String DEFAULT_NAMESPACE = "default";

    private KubeconfigFile() {}

    /** The current context. Without a namespace, as with kind and minikube, the namespace is {@code default}. */
    public static Config read(Path file) {
        Config config = Config.fromKubeconfig(file.toFile());
        if (config.getNamespace() == null || config.getNamespace().isEmpty()) {
            config.setNamespace(DEFAULT_NAMESPACE);
        }
        return config;
    }
}
