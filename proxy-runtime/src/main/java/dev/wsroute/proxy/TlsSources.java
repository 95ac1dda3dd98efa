// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import dev.wsroute.config.CaCertificateSource;
import dev.wsroute.config.CertificateSource;
import dev.wsroute.config.TicketKeysConfig;
import dev.wsroute.proxy.material.MaterialSource;
import dev.wsroute.proxy.material.WatchedFiles;
import dev.wsroute.proxy.tls.MaterialSources;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Certificates and CAs in files, Secrets and ConfigMaps.
 *
 * @param cluster connects to the Kubernetes API on first use
 */
record TlsSources(WatchedFiles files, Supplier<ClusterAccess> cluster) implements MaterialSources {

    @Override
    public MaterialSource certificate(CertificateSource source) {
        return source.secret() != null
                ? cluster.get().secret(source.secret())
                : files.source(Map.of(
                        CERTIFICATE,
                        Path.of(Objects.requireNonNull(source.certificateFile())),
                        PRIVATE_KEY,
                        Path.of(Objects.requireNonNull(source.keyFile()))));
    }

    @Override
    public MaterialSource authorities(CaCertificateSource source) {
        if (source.configMap() != null) {
            return cluster.get().configMap(source.configMap());
        }
        return source.secret() != null
                ? cluster.get().secret(source.secret())
                : files.source(Map.of(CaCertificateSource.DATA_KEY, Path.of(Objects.requireNonNull(source.file()))));
    }

    @Override
    public MaterialSource ticketKeys(TicketKeysConfig source) {
        return source.secret() != null
                ? cluster.get().secret(source.secret())
                : files.source(Map.of(TicketKeysConfig.DATA_KEY, Path.of(Objects.requireNonNull(source.file()))));
    }
}
