// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster;

import io.fabric8.kubernetes.client.Config;
import java.nio.file.Path;

/** Reads the files that kubectl reads. */
public final class KubeconfigFile {

    private static final String DEFAULT_NAMESPACE = "default";

    private KubeconfigFile() {}

    /** The current context. Where it names no namespace, as kind's and minikube's do not, that is {@code default}. */
    public static Config read(Path file) {
        Config config = Config.fromKubeconfig(file.toFile());
        if (config.getNamespace() == null || config.getNamespace().isEmpty()) {
            config.setNamespace(DEFAULT_NAMESPACE);
        }
        return config;
    }
}
