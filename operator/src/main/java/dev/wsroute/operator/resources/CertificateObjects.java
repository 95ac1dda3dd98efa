// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import dev.wsroute.api.v1alpha1.BackendRef;
import dev.wsroute.api.v1alpha1.BackendTlsSpec;
import dev.wsroute.api.v1alpha1.ExternalAuthorizationSpec;
import dev.wsroute.api.v1alpha1.ProxySpec;
import dev.wsroute.api.v1alpha1.RouteRule;
import dev.wsroute.api.v1alpha1.WebSocketRouteSpec;
import dev.wsroute.config.AccessConfig;
import dev.wsroute.config.BackendTls;
import dev.wsroute.config.CaCertificateSource;
import dev.wsroute.config.ClientCertificates;
import dev.wsroute.config.JwtProvider;
import dev.wsroute.config.JwtRules;
import dev.wsroute.config.ListenerTls;
import dev.wsroute.config.ObjectRef;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.RuleConfig;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The objects with certificates, with keys of tokens and with revoked tokens that the proxies of a route read, by name.
 *
 * @param secrets for listeners, backends and tokens
 * @param configMaps with CA certificates of clients and of backends, and for tokens
 */
record CertificateObjects(SortedSet<String> secrets, SortedSet<String> configMaps) {

    static CertificateObjects of(ProxyConfig config) {
        CertificateObjects objects = new CertificateObjects(new TreeSet<>(), new TreeSet<>());
        config.listeners().forEach(listener -> objects.add(listener.tls()));
        config.routes()
                .forEach(route -> route.rules().stream()
                        .flatMap(RuleConfig::withAuthorization)
                        .forEach(rule -> {
                            rule.backends().forEach(backend -> objects.add(backend.tls()));
                            objects.add(rule.access());
                        }));
        return objects;
    }

    /**
     * Whether a route names any. A document has only those of backends that exist, and pods must not be replaced whenever a Service
     * comes or goes.
     */
    static boolean areNamedBy(WebSocketRouteSpec spec) {
        ProxySpec proxy = spec.proxy();
        boolean byListeners = proxy != null
                && proxy.listeners() != null
                && proxy.listeners().stream().anyMatch(listener -> listener.tls() != null);
        return byListeners
                || spec.rules().stream().flatMap(CertificateObjects::tls).anyMatch(CertificateObjects::namesObjects);
    }

    private static Stream<BackendTlsSpec> tls(RouteRule rule) {
        ExternalAuthorizationSpec external =
                rule.access() == null ? null : rule.access().external();
        BackendTlsSpec ofService = external == null || external.service() == null
                ? null
                : external.service().tls();
        return Stream.concat(rule.backendRefs().stream().map(BackendRef::tls), Stream.ofNullable(ofService))
                .filter(Objects::nonNull);
    }

    private static boolean namesObjects(BackendTlsSpec tls) {
        return tls.caCertificateRefs() != null || tls.clientCertificateRef() != null;
    }

    private void add(@Nullable ListenerTls tls) {
        if (tls == null) {
            return;
        }
        tls.certificates().forEach(source -> add(source.secret(), secrets));
        ClientCertificates clients = tls.clientCertificates();
        if (clients != null) {
            add(clients.caCertificates());
        }
    }

    private void add(@Nullable BackendTls tls) {
        if (tls == null) {
            return;
        }
        add(tls.authorities());
        if (tls.clientCertificate() != null) {
            add(tls.clientCertificate().secret(), secrets);
        }
    }

    private void add(@Nullable AccessConfig access) {
        if (access == null) {
            return;
        }
        if (access.apiKeys() != null) {
            add(access.apiKeys().credentials().secret(), secrets);
        }
        if (access.basic() != null) {
            add(access.basic().credentials().secret(), secrets);
        }
        if (access.jwt() != null) {
            add(access.jwt());
        }
    }

    private void add(JwtRules jwt) {
        for (JwtProvider provider : jwt.providers()) {
            provider.keys().forEach(source -> {
                add(source.secret(), secrets);
                add(source.configMap(), configMaps);
            });
        }
        if (jwt.denyList() != null) {
            add(jwt.denyList().configMap(), configMaps);
        }
    }

    private void add(List<CaCertificateSource> authorities) {
        authorities.forEach(source -> {
            add(source.secret(), secrets);
            add(source.configMap(), configMaps);
        });
    }

    private static void add(@Nullable ObjectRef object, SortedSet<String> names) {
        if (object != null) {
            names.add(object.name());
        }
    }
}
