// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.migrate;

import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.IngressTLS;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An Ingress that is converted. */
final class Source {

    private final Ingress ingress;
    private final Annotations annotations;
    private final Settings settings;

    Source(Ingress ingress) {
        this.ingress = ingress;
        annotations = new Annotations(ingress);
        settings = NginxAnnotations.translate(annotations);
        OtherAnnotations.noteClass(ingress, settings);
    }

    String namespace() {
        return Objects.requireNonNullElse(ingress.getMetadata().getNamespace(), "");
    }

    String name() {
        return ingress.getMetadata().getName();
    }

    Annotations annotations() {
        return annotations;
    }

    Settings settings() {
        return settings;
    }

    boolean isCanary() {
        return annotations.is("canary", "true");
    }

    boolean usesExpressions() {
        return annotations.is("use-regex", "true")
                || annotations.get("rewrite-target").isPresent();
    }

    boolean redirectsToTls() {
        return !annotations.is("ssl-redirect", "false") || annotations.is("force-ssl-redirect", "true");
    }

    /** Its paths by host. */
    List<Location> locations() {
        List<Location> found = new ArrayList<>();
        for (IngressRule rule : orEmpty(ingress.getSpec().getRules())) {
            String host = Objects.requireNonNullElse(rule.getHost(), "");
            if (rule.getHttp() != null) {
                orEmpty(rule.getHttp().getPaths())
                        .forEach(path -> Location.of(this, host, path)
                                .ifPresentOrElse(
                                        found::add,
                                        () -> settings.notes()
                                                .add("the path " + path.getPath()
                                                        + " has no Service as its backend.")));
            }
        }
        if (found.isEmpty()) {
            Location.ofDefault(this, ingress.getSpec().getDefaultBackend()).ifPresent(found::add);
        } else if (ingress.getSpec().getDefaultBackend() != null) {
            settings.notes().add("spec.defaultBackend: has no counterpart, requests that no rule fits get 404.");
        }
        return found;
    }

    /** Further names of its hosts. */
    Set<String> aliases() {
        Set<String> aliases = new LinkedHashSet<>();
        for (String alias : annotations.text("server-alias").split("[,\\s]+", -1)) {
            if (alias.startsWith("~")) {
                settings.notes().add("server-alias: expressions have no counterpart (" + alias + ").");
            } else if (!alias.isEmpty()) {
                aliases.add(alias);
            }
        }
        return aliases;
    }

    /** The Secrets with certificates for the host. */
    Set<String> secrets(String host) {
        Set<String> secrets = new LinkedHashSet<>();
        for (IngressTLS tls : orEmpty(ingress.getSpec().getTls())) {
            if (orEmpty(tls.getHosts()).isEmpty() || covers(tls.getHosts(), host)) {
                if (tls.getSecretName() == null) {
                    settings.notes()
                            .add(
                                    "spec.tls: names no Secret; ingress-nginx used its default certificate, wsroute has none.");
                } else {
                    secrets.add(tls.getSecretName());
                }
            }
        }
        return secrets;
    }

    private static boolean covers(List<String> hosts, String host) {
        return hosts.contains(host) || (host.contains(".") && hosts.contains("*" + host.substring(host.indexOf('.'))));
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return Objects.requireNonNullElse(list, List.of());
    }
}
