// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import dev.wsroute.config.DenyListSource;
import dev.wsroute.config.KeySource;
import dev.wsroute.proxy.jwt.TokenMaterialSources;
import dev.wsroute.proxy.material.MaterialSource;
import dev.wsroute.proxy.material.WatchedFiles;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Key sets and deny lists in files, Secrets and ConfigMaps.
 *
 * @param cluster connects to the Kubernetes API on first use
 */
record TokenSources(WatchedFiles files, Supplier<ClusterAccess> cluster) implements TokenMaterialSources {

    @Override
    public MaterialSource keys(KeySource source) {
        if (source.configMap() != null) {
            return cluster.get().configMap(source.configMap());
        }
        return source.secret() != null
                ? cluster.get().secret(source.secret())
                : files.source(Map.of(source.key(), Path.of(Objects.requireNonNull(source.file()))));
    }

    @Override
    public MaterialSource denyList(DenyListSource source) {
        return source.configMap() != null
                ? cluster.get().configMap(source.configMap())
                : files.source(Map.of(DenyListSource.DATA_KEY, Path.of(Objects.requireNonNull(source.file()))));
    }
}
