package dev.wsroute.config;

import dev.wsroute.config.BackendConfig.EndpointSliceRef;
import dev.wsroute.config.BackendConfig.StaticEndpoint;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What must hold in a document beyond its shape: bounds, unique names, one of two. */
final class ConfigRules {

    private static final int MAX_WEIGHT = 1_000_000;
    private static final int MAX_PORT = 65535;
    private static final int MAX_HOSTNAME = 253;
    /** Of an IPv6 address that ends in an IPv4 one. */
    private static final int MAX_ADDRESS = 45;

    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9_]([-A-Za-z0-9_.]{0,252})|[0-9A-Fa-f:.]{2,45}");
    private static final Pattern LISTEN_ADDRESS =
            Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private final Problems problems = new Problems();
    private final RequestRules requests = new RequestRules(problems);
    private final BalancingRules balancing = new BalancingRules(problems);

    /** Empty when the document holds. */
    static List<Problem> check(ProxyConfig config) {
        ConfigRules rules = new ConfigRules();
        rules.document(config);
        return rules.problems.found();
    }

    private void document(ProxyConfig config) {
        if (config.listeners().isEmpty()) {
            problems.add("listeners", "must hold at least one listener");
        }
        problems.named("name", config.name());
        ConfigVersion version = config.version();
        if (version != null && version.hash().length() > ConfigVersion.MAX_HASH) {
            problems.add(
                    "version.hash",
                    "must have at most " + ConfigVersion.MAX_HASH + " characters, got "
                            + version.hash().length());
        }
        listeners(config.listeners());
        new ProxyRules(problems).check(config);
        Map<String, Integer> names = new HashMap<>();
        for (int i = 0; i < config.routes().size() && !problems.isFull(); i++) {
            String path = "routes[" + i + "]";
            problems.unique(
                    names,
                    path + ".name",
                    "routes[%d].name",
                    config.routes().get(i).name(),
                    i);
            route(path, config.routes().get(i));
        }
    }

    private void listeners(List<ListenerConfig> listeners) {
        Map<String, Integer> names = new HashMap<>();
        Set<String> sockets = new HashSet<>();
        for (int i = 0; i < listeners.size() && !problems.isFull(); i++) {
            ListenerConfig listener = listeners.get(i);
            String path = "listeners[" + i + "]";
            problems.unique(names, path + ".name", "listeners[%d].name", listener.name(), i);
            problems.between(path + ".port", listener.port(), 0, MAX_PORT);
            String address = listener.address();
            if (address != null
                    && (address.length() > MAX_ADDRESS
                            || !LISTEN_ADDRESS.matcher(address).matches())) {
                problems.add(path + ".address", "must be an IP address, got \"" + address + "\"");
            }
            if (listener.port() != 0 && !sockets.add(address + " " + listener.port())) {
                problems.add(path + ".port", listener.port() + " is already used by an earlier listener");
            }
        }
    }

    private void route(String path, RouteConfig route) {
        for (int i = 0; i < route.hostnames().size() && !problems.isFull(); i++) {
            String host = route.hostnames().get(i);
            if (host.length() > MAX_HOSTNAME
                    || !Problems.isHostname(host.startsWith("*.") ? host.substring(2) : host)) {
                problems.add(
                        path + ".hostnames[" + i + "]",
                        "must be a lower-case host name such as chat.example.com or *.example.com, got \"" + host
                                + "\"");
            }
        }
        if (route.rules().isEmpty()) {
            problems.add(path + ".rules", "must hold at least one rule");
        }
        Map<String, Integer> names = new HashMap<>();
        for (int i = 0; i < route.rules().size() && !problems.isFull(); i++) {
            RuleConfig rule = route.rules().get(i);
            String at = path + ".rules[" + i + "]";
            problems.unique(names, at + ".name", path + ".rules[%d].name", rule.name(), i);
            rule(at, rule);
        }
    }

    private void rule(String path, RuleConfig rule) {
        requests.check(path, rule);
        Map<String, Integer> names = new HashMap<>();
        for (int i = 0; i < rule.backends().size() && !problems.isFull(); i++) {
            BackendConfig backend = rule.backends().get(i);
            String at = path + ".backends[" + i + "]";
            problems.unique(names, at + ".name", path + ".backends[%d].name", backend.name(), i);
            backend(at, backend);
        }
        balancing.check(path, rule);
        problems.positiveDuration(
                path + ".plainHTTP.responseTimeout", rule.plainHttp().responseTimeout());
        problems.positiveDuration(path + ".timeouts.connect", rule.timeouts().connect());
        problems.positiveDuration(path + ".timeouts.upgrade", rule.timeouts().upgrade());
        problems.positiveDuration(path + ".timeouts.idle", rule.timeouts().idle());
        problems.positiveDuration(path + ".timeouts.writeStall", rule.timeouts().writeStall());
        problems.duration(path + ".drain.over", rule.drain().over());
    }

    private void backend(String path, BackendConfig backend) {
        problems.between(path + ".weight", backend.weight(), 0, MAX_WEIGHT);
        EndpointSliceRef slices = backend.endpointSlices();
        List<StaticEndpoint> endpoints = backend.endpoints();
        if ((slices == null) == (endpoints == null)) {
            problems.add(
                    path,
                    "must have exactly one of endpointSlices and endpoints, got "
                            + (slices == null ? "neither" : "both"));
        }
        if (slices != null) {
            problems.named(path + ".endpointSlices.namespace", slices.namespace());
            problems.named(path + ".endpointSlices.service", slices.service());
        }
        Set<StaticEndpoint> seen = new HashSet<>();
        for (int i = 0; endpoints != null && i < endpoints.size() && !problems.isFull(); i++) {
            StaticEndpoint endpoint = endpoints.get(i);
            String at = path + ".endpoints[" + i + "]";
            if (!ADDRESS.matcher(endpoint.address()).matches()) {
                problems.add(
                        at + ".address", "must be an IP address or a host name, got \"" + endpoint.address() + "\"");
            }
            problems.between(at + ".port", endpoint.port(), 1, MAX_PORT);
            if (!seen.add(endpoint)) {
                problems.add(at, "is given twice: " + endpoint.address() + " port " + endpoint.port());
            }
        }
    }
}
