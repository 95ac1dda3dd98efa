// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import dev.wsroute.config.AccessConfig;
import dev.wsroute.config.BackendConfig;
import dev.wsroute.config.BackendTls;
import dev.wsroute.config.CertificateReport.Place;
import dev.wsroute.config.CertificateSource;
import dev.wsroute.config.ClientCertificates;
import dev.wsroute.config.JwtProvider;
import dev.wsroute.config.JwtRules;
import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.ListenerTls;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.operator.compile.Compilation;
import dev.wsroute.operator.compile.Compilation.Compiled;
import java.util.HashSet;
import java.util.Set;

/**
 * A certificate, key set, deny list or file of credentials that a route refers to, which its proxies read.
 *
 * @param source its label in the proxies' reports
 */
record ReferredMaterial(Place place, String source) {

    /** Those of a route; empty if it is refused. */
    static Set<ReferredMaterial> of(Compilation compilation) {
        if (!(compilation instanceof Compiled compiled)) {
            return Set.of();
        }
        Set<ReferredMaterial> referred = new HashSet<>();
        compiled.config().listeners().forEach(listener -> listener(listener, referred));
        compiled.config()
                .routes()
                .forEach(route -> route.rules().stream()
                        .flatMap(RuleConfig::withAuthorization)
                        .forEach(rule -> {
                            rule.backends().forEach(backend -> backend(rule.name(), backend, referred));
                            access(rule, referred);
                        }));
        // Of the sets that the operator fetches it knows more than the proxies, which see only that there is none.
        referred.removeIf(each ->
                compiled.keySets().stream().anyMatch(set -> each.source().endsWith("(" + set.key() + ")")));
        return referred;
    }

    private static void listener(ListenerConfig listener, Set<ReferredMaterial> referred) {
        ListenerTls tls = listener.tls();
        if (tls != null) {
            Place place = Place.ofListener(listener.name());
            tls.certificates().forEach(source -> referred.add(new ReferredMaterial(place, source.label())));
            ClientCertificates clients = tls.clientCertificates();
            if (clients != null) {
                clients.caCertificates().forEach(source -> referred.add(new ReferredMaterial(place, source.label())));
            }
        }
    }

    private static void backend(String rule, BackendConfig backend, Set<ReferredMaterial> referred) {
        BackendTls tls = backend.tls();
        if (tls != null) {
            Place place = Place.ofBackend(rule, backend.name());
            tls.authorities().forEach(source -> referred.add(new ReferredMaterial(place, source.label())));
            CertificateSource own = tls.clientCertificate();
            if (own != null) {
                referred.add(new ReferredMaterial(place, own.label()));
            }
        }
    }

    private static void access(RuleConfig rule, Set<ReferredMaterial> referred) {
        AccessConfig access = rule.access();
        if (access == null) {
            return;
        }
        if (access.apiKeys() != null) {
            referred.add(new ReferredMaterial(
                    Place.ofCredentials(rule.name(), Place.API_KEYS),
                    access.apiKeys().credentials().label()));
        }
        if (access.basic() != null) {
            referred.add(new ReferredMaterial(
                    Place.ofCredentials(rule.name(), Place.PASSWORDS),
                    access.basic().credentials().label()));
        }
        if (access.jwt() != null) {
            tokens(rule.name(), access.jwt(), referred);
        }
    }

    private static void tokens(String rule, JwtRules jwt, Set<ReferredMaterial> referred) {
        for (JwtProvider provider : jwt.providers()) {
            Place place = Place.ofProvider(rule, provider.name());
            provider.keys().forEach(source -> referred.add(new ReferredMaterial(place, source.label())));
        }
        if (jwt.denyList() != null) {
            referred.add(
                    new ReferredMaterial(Place.ofDenyList(rule), jwt.denyList().label()));
        }
    }
}
