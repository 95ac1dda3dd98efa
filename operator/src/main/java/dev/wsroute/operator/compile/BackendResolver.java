// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

import dev.wsroute.api.v1alpha1.BackendRef;
import dev.wsroute.api.v1alpha1.BackendRef.ServiceRef;
import dev.wsroute.api.v1alpha1.BackendTlsSpec;
import dev.wsroute.api.v1alpha1.ExternalAuthorizationSpec.AuthorizationServiceRef;
import dev.wsroute.api.v1alpha1.RouteRule;
import dev.wsroute.config.BackendConfig;
import dev.wsroute.config.BackendConfig.EndpointSliceRef;
import dev.wsroute.operator.compile.ForeignServices.Lookup.Denied;
import dev.wsroute.operator.compile.ForeignServices.Lookup.Permitted;
import dev.wsroute.operator.compile.ServicePorts.Resolution;
import dev.wsroute.operator.compile.ServicePorts.Resolution.Missing;
import dev.wsroute.operator.compile.ServicePorts.Resolution.Resolved;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the Services of one route's backends, and gathers what the compilation says about them besides the document: targets, problems,
 * grants that were used, and headless Services to create.
 */
final class BackendResolver {

    private final ObjectMeta route;
    private final Function<String, Optional<Service>> services;
    private final ForeignServices foreign;
    private final Map<String, String> proxyLabels;
    private final NavigableMap<String, Set<GrantRef>> granted = new TreeMap<>();
    private final List<BackendTarget> targets = new ArrayList<>();
    private final Map<String, HeadlessService> headless = new LinkedHashMap<>();
    private final List<UnresolvedRef> unresolved = new ArrayList<>();

    /**
     * @param services looks up a Service of the route's namespace by its name
     * @param foreign looks up Services of other namespaces
     * @param proxyLabels of the route's own proxies, which cannot be a backend of it
     */
    BackendResolver(
            ObjectMeta route,
            Function<String, Optional<Service>> services,
            ForeignServices foreign,
            Map<String, String> proxyLabels) {
        this.route = route;
        this.services = services;
        this.foreign = foreign;
        this.proxyLabels = proxyLabels;
    }

    /** The backends that were found so far. */
    List<BackendTarget> targets() {
        return targets;
    }

    /** The grants that permit backends in other namespaces, by namespace. */
    NavigableMap<String, Set<GrantRef>> granted() {
        return granted;
    }

    /** The Services to create for backends that are selected by their pods' labels. */
    List<HeadlessService> headless() {
        return List.copyOf(headless.values());
    }

    /** What is wrong with references. */
    List<UnresolvedRef> unresolved() {
        return unresolved;
    }

    /** The backends of a rule, without those that are unresolved. */
    List<BackendConfig> of(RouteRule rule) {
        return rule.backendRefs().stream()
                .map(ref -> backend(rule.name(), ref))
                .flatMap(Optional::stream)
                .toList();
    }

    /** The service that decides about the requests of a rule; without endpoints if it is unresolved: nothing may pass because of it. */
    BackendConfig authorization(String rule, AuthorizationServiceRef ref) {
        return service(rule, ref.ref(), 1)
                .map(found -> config(found, ref.tls()))
                .orElseGet(() -> new BackendConfig(BackendNames.of(null, ref.ref()), 1, null, List.of()));
    }

    private Optional<BackendConfig> backend(String rule, BackendRef ref) {
        int weight = Objects.requireNonNullElse(ref.weight(), 1);
        Optional<Found> found = ref.service() == null
                ? pods(rule, ref, weight)
                : ref.namespace() == null || ref.namespace().equals(namespace())
                        ? service(rule, ref.service(), weight)
                        : foreign(rule, ref.namespace(), ref.service(), weight);
        found.map(Found::target).ifPresent(targets::add);
        return found.map(one -> config(one, ref.tls()));
    }

    private BackendConfig config(Found found, @Nullable BackendTlsSpec tls) {
        BackendTarget target = found.target();
        return new BackendConfig(
                target.name(),
                target.weight(),
                new EndpointSliceRef(
                        target.service().namespace(), target.service().name(), target.portName()),
                null,
                BackendSecurity.of(tls, found.appProtocol(), namespace()));
    }

    /** @param appProtocol of the Service's port; from the same look-up as the target, since the Service may change */
    private record Found(BackendTarget target, @Nullable String appProtocol) {}

    private Optional<Found> service(String rule, ServiceRef ref, int weight) {
        Service service = services.apply(ref.name()).orElse(null);
        Resolution resolution = ServicePorts.resolve(namespace(), ref.name(), ref.port(), service);
        if (resolution instanceof Resolved found) {
            if (selectsProxies(Objects.requireNonNull(service).getSpec().getSelector())) {
                return ownProxies("Service " + namespace() + "/" + ref.name());
            }
            return Optional.of(new Found(
                    new BackendTarget(
                            rule,
                            BackendNames.of(null, ref),
                            new ServiceName(namespace(), ref.name()),
                            found.portName(),
                            weight),
                    found.appProtocol()));
        }
        return unresolved(((Missing) resolution).problem());
    }

    private Optional<Found> foreign(String rule, String namespace, ServiceRef ref, int weight) {
        ForeignServices.Lookup lookup = foreign.find(namespace, ref.name());
        if (lookup instanceof Denied denied) {
            return unresolved(new UnresolvedRef(UnresolvedRef.UnresolvedReason.RefNotPermitted, denied.sentence()));
        }
        Permitted permitted = (Permitted) lookup;
        Resolution resolution = ServicePorts.resolve(
                namespace, ref.name(), ref.port(), permitted.service().orElse(null));
        if (resolution instanceof Missing missing) {
            return unresolved(missing.problem());
        }
        granted.computeIfAbsent(namespace, same -> new HashSet<>()).addAll(permitted.grants());
        Resolved found = (Resolved) resolution;
        return Optional.of(new Found(
                new BackendTarget(
                        rule,
                        BackendNames.of(namespace, ref),
                        new ServiceName(namespace, ref.name()),
                        found.portName(),
                        weight),
                found.appProtocol()));
    }

    private Optional<Found> unresolved(UnresolvedRef problem) {
        if (!unresolved.contains(problem)) {
            unresolved.add(problem);
        }
        return Optional.empty();
    }

    private Optional<Found> ownProxies(String who) {
        return unresolved(new UnresolvedRef(
                UnresolvedRef.UnresolvedReason.SelectsOwnProxies,
                who + " selects this route's own proxies; select the backend's pods."));
    }

    private boolean selectsProxies(@Nullable Map<String, String> selector) {
        return selector != null && !selector.isEmpty() && proxyLabels.entrySet().containsAll(selector.entrySet());
    }

    private Optional<Found> pods(String rule, BackendRef ref, int weight) {
        var selector = Objects.requireNonNull(ref.podSelector());
        var port = Objects.requireNonNull(ref.port());
        if (selectsProxies(selector.matchLabels())) {
            return ownProxies("The backend " + BackendNames.of(selector, port));
        }
        HeadlessService service = HeadlessService.of(route.getName(), selector.matchLabels(), port);
        headless.putIfAbsent(service.name(), service);
        return Optional.of(new Found(
                new BackendTarget(
                        rule,
                        BackendNames.of(selector, port),
                        new ServiceName(namespace(), service.name()),
                        HeadlessService.PORT_NAME,
                        weight),
                null));
    }

    private String namespace() {
        return route.getNamespace();
    }
}
