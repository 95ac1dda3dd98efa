// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

import dev.wsroute.api.v1alpha1.ListenerTlsSpec;
import dev.wsroute.api.v1alpha1.ListenerTlsSpec.ClientCertificatesSpec;
import dev.wsroute.api.v1alpha1.ProxySpec;
import dev.wsroute.config.CaCertificateSource;
import dev.wsroute.config.CertificateSource;
import dev.wsroute.config.ClientCertificates;
import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.ListenerTls;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Adds the Secrets and ConfigMaps that a spec's listeners refer to. The operator does not read them: the proxies do, and report
 * what is wrong with them.
 */
final class ListenerSecrets {

    private ListenerSecrets() {}

    /**
     * @param listeners as read from {@code spec}, without their certificates
     * @param namespace of the route
     */
    static List<ListenerConfig> added(List<ListenerConfig> listeners, @Nullable ProxySpec spec, String namespace) {
        List<ProxySpec.ListenerSpec> specs = spec == null ? null : spec.listeners();
        if (specs == null) {
            return listeners;
        }
        List<ListenerConfig> complete = new ArrayList<>();
        for (int i = 0; i < specs.size(); i++) {
            ListenerConfig listener = listeners.get(i);
            ListenerTls tls = listener.tls();
            ListenerTlsSpec given = specs.get(i).tls();
            complete.add(tls == null || given == null ? listener : listener.withTls(tls(tls, given, namespace)));
        }
        return complete;
    }

    private static ListenerTls tls(ListenerTls tls, ListenerTlsSpec spec, String namespace) {
        List<CertificateSource> certificates =
                Objects.requireNonNullElse(spec.certificateRefs(), List.<ListenerTlsSpec.CertificateRef>of()).stream()
                        .map(ref -> CertificateSource.ofSecret(namespace, ref.name()))
                        .toList();
        return new ListenerTls(
                certificates,
                clients(tls.clientCertificates(), spec.clientCertificates(), namespace),
                tls.minVersion(),
                tls.redirectFrom(),
                tls.sessionTickets());
    }

    private static @Nullable ClientCertificates clients(
            @Nullable ClientCertificates clients, @Nullable ClientCertificatesSpec spec, String namespace) {
        if (clients == null || spec == null) {
            return null;
        }
        List<CaCertificateSource> authorities = BackendSecurity.authorities(spec.caCertificateRefs(), namespace);
        return clients.withCaCertificates(Objects.requireNonNullElse(authorities, List.of()));
    }
}
