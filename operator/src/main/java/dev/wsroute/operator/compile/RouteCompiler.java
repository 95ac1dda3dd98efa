// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

import dev.wsroute.api.v1alpha1.AutoscalingSpec;
import dev.wsroute.api.v1alpha1.ExternalAuthorizationSpec.AuthorizationServiceRef;
import dev.wsroute.api.v1alpha1.RouteRule;
import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.api.v1alpha1.WebSocketRouteSpec;
import dev.wsroute.config.AccessConfig;
import dev.wsroute.config.BackendConfig;
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
import dev.wsroute.operator.scaling.ScalingRules;
import io.fabric8.kubernetes.api.model.Service;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

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
    private final BackendResolver backends;
    private final FetchedKeySets keySets;

    private RouteCompiler(WebSocketRoute route, BackendResolver backends) {
        this.route = route;
        this.backends = backends;
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
        return new RouteCompiler(route, new BackendResolver(route.getMetadata(), services, foreign, proxyLabels))
                .compile(spec);
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
            complete.add(withAuthorization(rule.withBackends(backends.of(rules.get(i))), rules.get(i)));
        }
        return new RouteConfig(config.name(), config.hostnames(), config.paths(), complete);
    }

    private RuleConfig withAuthorization(RuleConfig config, RouteRule rule) {
        AccessConfig access = config.access();
        ExternalAuthorization external = access == null ? null : access.external();
        if (access == null || external == null) {
            return config;
        }
        AuthorizationServiceRef ref = Objects.requireNonNull(
                        Objects.requireNonNull(rule.access()).external())
                .service();
        BackendConfig service = backends.authorization(rule.name(), ref);
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
                backends.targets(),
                backends.granted(),
                backends.headless(),
                backends.unresolved(),
                keySets.needs());
    }

    private String namespace() {
        return route.getMetadata().getNamespace();
    }
}
