// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

import dev.wsroute.api.v1alpha1.AutoscalingSpec;
import dev.wsroute.api.v1alpha1.BackendRef;
import dev.wsroute.api.v1alpha1.BackendRef.ServiceRef;
import dev.wsroute.api.v1alpha1.BackendTlsSpec;
import dev.wsroute.api.v1alpha1.ExternalAuthorizationSpec.AuthorizationServiceRef;
import dev.wsroute.api.v1alpha1.RouteRule;
import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.api.v1alpha1.WebSocketRouteSpec;
import dev.wsroute.config.AccessConfig;
import dev.wsroute.config.BackendConfig;
import dev.wsroute.config.BackendConfig.EndpointSliceRef;
import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.ExternalAuthorization;
import dev.wsroute.config.InvalidConfigException;
import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyConfigParser;
import dev.wsroute.config.RouteConfig;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.operator.compile.Compilation.Compiled;
import dev.wsroute.operator.compile.Compilation.Refused;
import dev.wsroute.operator.compile.ForeignServices.Lookup.Denied;
import dev.wsroute.operator.compile.ForeignServices.Lookup.Permitted;
import dev.wsroute.operator.compile.ServicePorts.Resolution;
import dev.wsroute.operator.compile.ServicePorts.Resolution.Missing;
import dev.wsroute.operator.compile.ServicePorts.Resolution.Resolved;
import dev.wsroute.operator.scaling.ScalingRules;
import io.fabric8.kubernetes.api.model.Service;
import java.nio.charset.StandardCharsets;
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
 * Compiles one route. The result depends only on the arguments: the route, the Services that it refers to, and what other namespaces
 * permit.
 *
 * <p>The document is parsed by the proxies' own parser before it is published, so a document that the proxies would reject
 * becomes a condition of the route instead.
 */
public final class RouteCompiler {

    /** A ConfigMap holds 1 MiB, including its metadata; a larger document is rejected. */
    static final int MAX_DOCUMENT_BYTES = 900 * 1024;

    /** Shared, since creating a parser costs far more than parsing a document. */
    private static final ProxyConfigParser PARSER = new ProxyConfigParser();

    private final WebSocketRoute route;
    private final Function<String, Optional<Service>> services;
    private final ForeignServices foreign;
    private final Map<String, String> proxyLabels;
    private final NavigableMap<String, Set<GrantRef>> granted = new TreeMap<>();
    private final List<BackendTarget> targets = new ArrayList<>();
    private final Map<String, HeadlessService> headless = new LinkedHashMap<>();
    private final List<UnresolvedRef> unresolved = new ArrayList<>();
    private final FetchedKeySets keySets;

    private RouteCompiler(
            WebSocketRoute route,
            Function<String, Optional<Service>> services,
            ForeignServices foreign,
            Map<String, String> proxyLabels) {
        this.route = route;
        this.services = services;
        this.foreign = foreign;
        this.proxyLabels = proxyLabels;
        this.keySets = new FetchedKeySets(route.getMetadata());
    }

    /**
     * @param services looks up a Service of the route's namespace by its name
     * @param foreign looks up Services of other namespaces
     * @param proxyLabels of the route's own proxies, which cannot be a backend of it
     */
    public static Compilation compile(
            WebSocketRoute route,
            Function<String, Optional<Service>> services,
            ForeignServices foreign,
            Map<String, String> proxyLabels) {
        WebSocketRouteSpec spec = route.getSpec();
        if (spec == null) {
            return new Refused(Refused.RefusalReason.Invalid, List.of("spec is missing"));
        }
        return new RouteCompiler(route, services, foreign, proxyLabels).compile(spec);
    }

    private Compilation compile(WebSocketRouteSpec spec) {
        String name = namespace() + "/" + route.getMetadata().getName();
        SharedFields fields = new SharedFields();
        RouteConfig routeConfig = fields.route(namespace(), route.getMetadata().getName(), spec);
        ProxyConfig proxy = fields.proxy(spec.proxy());
        AutoscalingSpec autoscaling = spec.proxy() == null ? null : spec.proxy().autoscaling();
        ScalingRules scaling = autoscaling == null ? null : fields.autoscaling(autoscaling);
        List<String> problems = new ArrayList<>(SpecRules.check(spec, namespace()));
        problems.addAll(fields.problems());
        if (!problems.isEmpty() || routeConfig == null || proxy == null) {
            return new Refused(Refused.RefusalReason.Invalid, problems);
        }
        List<ListenerConfig> listeners = ListenerSecrets.added(proxy.listeners(), spec.proxy(), namespace());
        ProxyConfig unversioned = ProxyConfig.named(name)
                .listeners(listeners)
                .clientAddress(proxy.clientAddress())
                .limits(proxy.limits())
                .drain(proxy.drain())
                .accessLog(proxy.accessLog())
                .sessionKey(SessionKeySecret.of(route.getMetadata(), spec.rules()))
                .ticketKeys(TicketKeysSecret.of(route.getMetadata(), listeners))
                .reports(OwnProxies.reports(spec.proxy(), scaling, proxy))
                .proxies(OwnProxies.of(route.getMetadata(), spec.rules(), proxy))
                .rebalance(proxy.rebalance())
                .routes(List.of(withBackends(routeConfig, spec.rules())))
                .build();
        long generation = Objects.requireNonNullElse(route.getMetadata().getGeneration(), 0L);
        ProxyConfig config = unversioned.withVersion(ConfigVersion.of(generation, unversioned));
        return checked(config, Objects.requireNonNull(config.version()));
    }

    private RouteConfig withBackends(RouteConfig config, List<RouteRule> rules) {
        List<RuleConfig> complete = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            RuleConfig rule =
                    TokenObjects.added(config.rules().get(i), rules.get(i).access(), namespace(), keySets);
            complete.add(withAuthorization(rule.withBackends(backends(rules.get(i))), rules.get(i)));
        }
        return new RouteConfig(config.name(), config.hostnames(), config.paths(), complete);
    }

    /** A missing service is one without endpoints: nothing may pass because of it. */
    private RuleConfig withAuthorization(RuleConfig config, RouteRule rule) {
        AccessConfig access = config.access();
        ExternalAuthorization external = access == null ? null : access.external();
        if (access == null || external == null) {
            return config;
        }
        AuthorizationServiceRef ref = Objects.requireNonNull(
                        Objects.requireNonNull(rule.access()).external())
                .service();
        BackendConfig service = service(rule.name(), ref.ref(), 1)
                .map(found -> config(found, ref.tls()))
                .orElseGet(() -> new BackendConfig(BackendNames.of(null, ref.ref()), 1, null, List.of()));
        return config.withAccess(access.withExternal(external.withService(service)));
    }

    private Compilation checked(ProxyConfig config, ConfigVersion version) {
        String document = PARSER.writeForOlderProxies(config);
        int bytes = document.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_DOCUMENT_BYTES) {
            return new Refused(
                    Refused.RefusalReason.TooLarge,
                    List.of("The compiled configuration is " + bytes / 1024 + " KiB, more than the "
                            + MAX_DOCUMENT_BYTES / 1024 + " KiB that fit into a ConfigMap; split the route"));
        }
        try {
            PARSER.parse(document, true);
        } catch (InvalidConfigException e) {
            return new Refused(Refused.RefusalReason.Invalid, e.sentences());
        }
        return new Compiled(
                config,
                version,
                document,
                targets,
                granted,
                List.copyOf(headless.values()),
                unresolved,
                keySets.needs());
    }

    private List<BackendConfig> backends(RouteRule rule) {
        return rule.backendRefs().stream()
                .map(ref -> backend(rule.name(), ref))
                .flatMap(Optional::stream)
                .toList();
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
        HeadlessService service = HeadlessService.of(route.getMetadata().getName(), selector.matchLabels(), port);
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
        return route.getMetadata().getNamespace();
    }
}
