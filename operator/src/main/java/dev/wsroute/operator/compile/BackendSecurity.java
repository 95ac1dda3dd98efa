// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

import dev.wsroute.api.v1alpha1.BackendTlsSpec;
import dev.wsroute.api.v1alpha1.ListenerTlsSpec.CaCertificateRef;
import dev.wsroute.api.v1alpha1.ListenerTlsSpec.CertificateRef;
import dev.wsroute.config.BackendTls;
import dev.wsroute.config.CaCertificateSource;
import dev.wsroute.config.CertificateSource;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * TLS to a backend: what its reference says, or else the protocol of the Service's port. The operator does not read the Secrets
 * and ConfigMaps: the proxies do, and report what is wrong with them.
 */
final class BackendSecurity {

    /**
     * Values of a port's {@code appProtocol} that mean TLS: that of Kubernetes for WebSockets (KEP-3726), and the IANA service
     * name. {@code kubernetes.io/ws} and all others mean none.
     */
    private static final Set<String> SECURED = Set.of("kubernetes.io/wss", "https");

    private BackendSecurity() {}

    /**
     * @param spec what the reference says; null if it says nothing. If it contradicts the port, it counts
     * @param appProtocol of the Service's port; null if it is unknown
     * @param namespace of the route
     * @return null for none
     */
    static @Nullable BackendTls of(@Nullable BackendTlsSpec spec, @Nullable String appProtocol, String namespace) {
        if (spec == null) {
            return appProtocol != null && SECURED.contains(appProtocol) ? BackendTls.SYSTEM : null;
        }
        CertificateRef own = spec.clientCertificateRef();
        return new BackendTls(
                authorities(spec.caCertificateRefs(), namespace),
                spec.wellKnownCACertificates(),
                spec.hostname(),
                own == null ? null : CertificateSource.ofSecret(namespace, own.name()));
    }

    /** The sources that these references name; null if there are none. */
    static @Nullable List<CaCertificateSource> authorities(@Nullable List<CaCertificateRef> refs, String namespace) {
        return refs == null
                ? null
                : refs.stream()
                        .map(ref -> ref.kind() == CaCertificateRef.Kind.Secret
                                ? CaCertificateSource.ofSecret(namespace, ref.name())
                                : CaCertificateSource.ofConfigMap(namespace, ref.name()))
                        .toList();
    }
}
