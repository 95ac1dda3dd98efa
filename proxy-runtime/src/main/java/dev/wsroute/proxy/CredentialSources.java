// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import dev.wsroute.config.CredentialSource;
import dev.wsroute.proxy.material.MaterialSource;
import dev.wsroute.proxy.material.WatchedFiles;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Passwords and API keys in files and Secrets.
 *
 * @param cluster connects to the Kubernetes API on first use
 */
record CredentialSources(WatchedFiles files, Supplier<ClusterAccess> cluster) {

    MaterialSource source(CredentialSource source) {
        return source.secret() != null
                ? cluster.get().secret(source.secret())
                : files.source(Map.of(source.key(), Path.of(Objects.requireNonNull(source.file()))));
    }
}
