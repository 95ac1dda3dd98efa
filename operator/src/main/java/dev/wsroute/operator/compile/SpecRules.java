// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

import dev.wsroute.api.v1alpha1.AutoscalingSpec;
import dev.wsroute.api.v1alpha1.BackendRef;
import dev.wsroute.api.v1alpha1.ExternalAuthorizationSpec.AuthorizationServiceRef;
import dev.wsroute.api.v1alpha1.ProxySpec;
import dev.wsroute.api.v1alpha1.RouteRule;
import dev.wsroute.api.v1alpha1.WebSocketRouteSpec;
import dev.wsroute.config.BackendConfig;
import dev.wsroute.config.ProxyPorts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Validates a spec before it is compiled. The CRD has the same rules; these checks are for objects that bypassed them, for
 * example because they were stored before a rule was added. {@link SharedFields} checks the fields that the
 * document has, too.
 */
final class SpecRules {

    private static final int MAX_PORT = 65_535;
    private static final int MAX_PORT_NAME = 15;
    private static final int MAX_NAMESPACE = 63;
    private static final int DEFAULT_REPLICAS = 2;

    private final List<String> problems = new ArrayList<>();
    private final String namespace;

    private SpecRules(String namespace) {
        this.namespace = namespace;
    }

    /**
     * One sentence per problem; empty if the spec can be compiled.
     *
     * @param namespace of the route
     */
    static List<String> check(WebSocketRouteSpec spec, String namespace) {
        SpecRules rules = new SpecRules(namespace);
        for (int i = 0; i < spec.rules().size(); i++) {
            rules.rule("spec.rules[" + i + "]", spec.rules().get(i));
        }
        rules.problems.addAll(FetchedKeySets.problems(spec));
        if (spec.proxy() != null) {
            rules.proxy(spec.proxy());
        }
        return rules.problems;
    }

    private void rule(String path, RouteRule rule) {
        if (rule.backendRefs().isEmpty()) {
            problems.add(path + ".backendRefs must hold at least one backend");
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < rule.backendRefs().size(); i++) {
            backend(path + ".backendRefs[" + i + "]", rule.backendRefs().get(i), names);
        }
        if (rule.access() != null && rule.access().external() != null) {
            AuthorizationServiceRef service = rule.access().external().service();
            // The document requires the name, too, and says so.
            if (service != null && service.name() != null && service.port() == null) {
                problems.add(path + ".access.external.service needs a port");
            }
        }
    }

    private void backend(String path, BackendRef ref, Set<String> names) {
        Integer weight = ref.weight();
        if (weight != null && (weight < 0 || weight > BackendConfig.MAX_WEIGHT)) {
            problems.add(path + ".weight must be between 0 and " + BackendConfig.MAX_WEIGHT + ", got " + weight);
        }
        if ((ref.service() == null) == (ref.podSelector() == null)) {
            problems.add(path + " must have either service or podSelector, not both");
        } else if (ref.service() != null) {
            if (ref.service().name() == null || ref.service().port() == null) {
                problems.add(path + ".service needs a name and a port");
            } else {
                String other = ref.namespace() == null || ref.namespace().equals(namespace) ? null : ref.namespace();
                unique(path, BackendNames.of(other, ref.service()), names);
            }
            if (ref.namespace() != null
                    && (ref.namespace().length() > MAX_NAMESPACE
                            || !ref.namespace().matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?"))) {
                problems.add(path + ".namespace must be at most " + MAX_NAMESPACE
                        + " lower-case letters, digits and inner hyphens, got \"" + ref.namespace() + "\"");
            }
        } else if (ref.podSelector() != null) {
            if (ref.namespace() != null) {
                problems.add(path + ".namespace is only allowed with service, since a podSelector selects pods in the"
                        + " route's namespace");
            }
            if (ref.port() == null
                    || ref.podSelector().matchLabels() == null
                    || ref.podSelector().matchLabels().isEmpty()) {
                problems.add(path + " needs labels in podSelector.matchLabels, and a port");
            } else {
                containerPort(path + ".port", BackendNames.port(ref.port()));
                if (ref.tls() != null && ref.tls().hostname() == null) {
                    problems.add(path
                            + " tls needs hostname with podSelector, since there is no Service whose name it could be");
                }
                unique(path, BackendNames.of(ref.podSelector(), ref.port()), names);
            }
        }
    }

    /** The API rejects Services with any other target port. */
    private void containerPort(String path, String port) {
        boolean valid = port.matches("\\d+")
                ? port.length() <= 5 && Integer.parseInt(port) >= 1 && Integer.parseInt(port) <= MAX_PORT
                : port.matches("(?=.*[a-z])[a-z0-9](-?[a-z0-9]){0,14}") && port.length() <= MAX_PORT_NAME;
        if (!valid) {
            problems.add(
                    path + " must be a number between 1 and " + MAX_PORT + ", or the name of a container port: at most "
                            + MAX_PORT_NAME
                            + " lower-case letters, digits and single inner hyphens, one of them a letter; got \""
                            + port + "\"");
        } else if (port.matches("\\d+") && ProxyPorts.isReserved(Integer.parseInt(port))) {
            problems.add(path + ": " + Integer.parseInt(port)
                    + " is reserved for metrics and probes of the proxies; backends cannot use it");
        }
    }

    private void unique(String path, String name, Set<String> names) {
        if (!names.add(name)) {
            problems.add(path + " repeats " + name
                    + ", an earlier backend of the rule; use one backend with the sum of their weights");
        }
    }

    private void proxy(ProxySpec proxy) {
        if (proxy.replicas() != null && proxy.replicas() < 0) {
            problems.add("spec.proxy.replicas must not be negative, got " + proxy.replicas());
        }
        AutoscalingSpec autoscaling = proxy.autoscaling();
        if (autoscaling != null) {
            autoscaled(autoscaling, proxy);
        }
        if (proxy.listeners() != null) {
            Set<Integer> ports = new HashSet<>();
            for (int i = 0; i < proxy.listeners().size(); i++) {
                listener("spec.proxy.listeners[" + i + "]", proxy.listeners().get(i), ports);
            }
        }
    }

    /** The default of replicas, which the API server fills in, counts as absent. */
    private void autoscaled(AutoscalingSpec autoscaling, ProxySpec proxy) {
        if (proxy.replicas() != null && proxy.replicas() != DEFAULT_REPLICAS) {
            problems.add("spec.proxy.replicas must be absent with autoscaling, got " + proxy.replicas());
        }
        if (autoscaling.cpuUtilization() != null && CpuRequest.millicores(proxy).isEmpty()) {
            problems.add(
                    "spec.proxy.resources must have requests.cpu with autoscaling.cpuUtilization, which is a percentage of it");
        }
        Integer target = autoscaling.connectionsPerProxy();
        Integer limit = proxy.limits() == null ? null : proxy.limits().connectionsPerProxy();
        if (target != null && limit != null && target > limit) {
            problems.add("spec.proxy.autoscaling.connectionsPerProxy must not be greater than"
                    + " limits.connectionsPerProxy, " + limit + ", at which a proxy refuses clients; got " + target);
        }
    }

    private void listener(String path, ProxySpec.ListenerSpec listener, Set<Integer> ports) {
        if (listener.name() == null || listener.port() == null) {
            // The document requires them, too, and says so.
            return;
        }
        if (ProxyPorts.isReserved(listener.port())) {
            problems.add(path + ".port: " + listener.port() + " is reserved for metrics and probes of the proxy");
        } else if (listener.port() < 1) {
            problems.add(path + ".port must be between 1 and 65535, got " + listener.port());
        }
        if (!ports.add(listener.port())) {
            problems.add(path + ".port " + listener.port() + " is already used by an earlier listener");
        }
        if (!listener.name().matches("[a-z]([a-z0-9]|-(?!-)){0,14}")
                || listener.name().endsWith("-")) {
            problems.add(path + ".name must be at most 15 lower-case letters, digits and single hyphens, got \""
                    + listener.name() + "\"");
        }
    }
}
