package dev.wsroute.operator.compile;

import dev.wsroute.api.v1alpha1.BackendRef;
import dev.wsroute.api.v1alpha1.Connections;
import dev.wsroute.api.v1alpha1.LoadBalancing;
import dev.wsroute.api.v1alpha1.ProxySpec;
import dev.wsroute.api.v1alpha1.RouteRule;
import dev.wsroute.api.v1alpha1.WebSocketRouteSpec;
import dev.wsroute.config.Durations;
import dev.wsroute.config.ProxyPorts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Validates a spec before it is compiled. The CRD has the same rules; these checks are for objects that bypassed them, for
 * example because they were stored before a rule was added. Violations that the document's own rules catch are left to them.
 */
final class SpecRules {

    private static final int MAX_PORT = 65_535;
    private static final int MAX_PORT_NAME = 15;

    private final List<String> problems = new ArrayList<>();

    private SpecRules() {}

    /** One sentence per problem; empty if the spec can be compiled. */
    static List<String> check(@Nullable WebSocketRouteSpec spec) {
        SpecRules rules = new SpecRules();
        if (spec == null) {
            return List.of("spec is missing");
        }
        for (int i = 0; i < spec.rules().size(); i++) {
            rules.rule("spec.rules[" + i + "]", spec.rules().get(i));
        }
        if (spec.proxy() != null) {
            rules.proxy(spec.proxy());
        }
        return rules.problems;
    }

    private void rule(String path, RouteRule rule) {
        if (rule.name() == null) {
            problems.add(path + ".name is missing");
        }
        if (rule.backendRefs().isEmpty()) {
            problems.add(path + ".backendRefs must hold at least one backend");
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < rule.backendRefs().size(); i++) {
            backend(path + ".backendRefs[" + i + "]", rule.backendRefs().get(i), names);
        }
        if (rule.plainHttp() != null) {
            duration(path + ".plainHTTP.responseTimeout", rule.plainHttp().responseTimeout());
        }
        if (rule.timeouts() != null) {
            duration(path + ".timeouts.connect", rule.timeouts().connect());
            duration(path + ".timeouts.upgrade", rule.timeouts().upgrade());
            duration(path + ".timeouts.idle", rule.timeouts().idle());
            duration(path + ".timeouts.writeStall", rule.timeouts().writeStall());
        }
        if (rule.loadBalancing() != null) {
            balancing(path + ".loadBalancing", rule.loadBalancing());
        }
        if (rule.sessionPersistence() != null) {
            duration(
                    path + ".sessionPersistence.absoluteTimeout",
                    rule.sessionPersistence().absoluteTimeout());
        }
        if (rule.connections() != null) {
            connections(path + ".connections", rule.connections());
        }
        if (rule.drain() != null) {
            duration(path + ".drain.over", rule.drain().over());
        }
    }

    private void balancing(String path, LoadBalancing balancing) {
        duration(path + ".slowStart", balancing.slowStart());
        if (balancing.consistentHash() != null && balancing.consistentHash().type() == null) {
            problems.add(path + ".consistentHash needs a type");
        }
    }

    private void connections(String path, Connections connections) {
        duration(path + ".maxAge", connections.maxAge());
        if (connections.ping() != null) {
            if (connections.ping().interval() == null) {
                problems.add(path + ".ping needs an interval");
            }
            duration(path + ".ping.interval", connections.ping().interval());
        }
    }

    private void backend(String path, BackendRef ref, Set<String> names) {
        if ((ref.service() == null) == (ref.podSelector() == null)) {
            problems.add(path + " must have either service or podSelector, not both");
        } else if (ref.service() != null) {
            if (ref.service().name() == null || ref.service().port() == null) {
                problems.add(path + ".service needs a name and a port");
            } else {
                unique(path, BackendNames.of(ref.service()), names);
            }
        } else if (ref.podSelector() != null) {
            if (ref.port() == null
                    || ref.podSelector().matchLabels() == null
                    || ref.podSelector().matchLabels().isEmpty()) {
                problems.add(path + " needs labels in podSelector.matchLabels, and a port");
            } else {
                containerPort(path + ".port", BackendNames.port(ref.port()));
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
        if (proxy.listeners() != null) {
            Set<Integer> ports = new HashSet<>();
            for (int i = 0; i < proxy.listeners().size(); i++) {
                listener("spec.proxy.listeners[" + i + "]", proxy.listeners().get(i), ports);
            }
        }
        if (proxy.limits() != null) {
            duration("spec.proxy.limits.handshakeTimeout", proxy.limits().handshakeTimeout());
            duration("spec.proxy.limits.keepAliveTimeout", proxy.limits().keepAliveTimeout());
        }
        if (proxy.drain() != null) {
            duration("spec.proxy.drain.delay", proxy.drain().delay());
            duration("spec.proxy.drain.over", proxy.drain().over());
            duration("spec.proxy.drain.closeTimeout", proxy.drain().closeTimeout());
        }
    }

    private void listener(String path, ProxySpec.Listener listener, Set<Integer> ports) {
        if (listener.name() == null || listener.port() == null) {
            problems.add(path + " needs a name and a port");
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

    private void duration(String path, @Nullable String text) {
        if (text == null) {
            return;
        }
        try {
            Durations.parse(text);
        } catch (IllegalArgumentException e) {
            problems.add(path + ": " + e.getMessage());
        }
    }
}
