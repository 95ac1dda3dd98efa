// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import dev.wsroute.config.CaCertificateSource;
import dev.wsroute.config.CertificateSource;
import dev.wsroute.config.CredentialSource;
import dev.wsroute.config.DenyListSource;
import dev.wsroute.config.KeySource;
import dev.wsroute.config.ObjectRef;
import dev.wsroute.config.TicketKeysConfig;
import dev.wsroute.proxy.jwt.TokenMaterialSources;
import dev.wsroute.proxy.material.MaterialSource;
import dev.wsroute.proxy.material.WatchedFiles;
import dev.wsroute.proxy.tls.MaterialSources;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Certificates, key sets, deny lists and credentials in files, Secrets and ConfigMaps.
 *
 * @param cluster connects to the Kubernetes API on first use
 */
record FollowedMaterial(WatchedFiles files, Supplier<ClusterAccess> cluster)
        implements MaterialSources, TokenMaterialSources {

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
        return source(source.configMap(), source.secret(), CaCertificateSource.DATA_KEY, source.file());
    }

    @Override
    public MaterialSource ticketKeys(TicketKeysConfig source) {
        return source(null, source.secret(), TicketKeysConfig.DATA_KEY, source.file());
    }

    @Override
    public MaterialSource keys(KeySource source) {
        return source(source.configMap(), source.secret(), source.key(), source.file());
    }

    @Override
    public MaterialSource denyList(DenyListSource source) {
        return source(source.configMap(), null, DenyListSource.DATA_KEY, source.file());
    }

    /** A source that offers passwords or API keys under {@link CredentialSource#key()}. */
    MaterialSource credentials(CredentialSource source) {
        return source(null, source.secret(), source.key(), source.file());
    }

    /** Follows the one that is set. */
    private MaterialSource source(
            @Nullable ObjectRef configMap, @Nullable ObjectRef secret, String key, @Nullable String file) {
        if (configMap != null) {
            return cluster.get().configMap(configMap);
        }
        return secret != null
                ? cluster.get().secret(secret)
                : files.source(Map.of(key, Path.of(Objects.requireNonNull(file))));
    }
}
