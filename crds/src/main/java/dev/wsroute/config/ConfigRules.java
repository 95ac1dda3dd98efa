package dev.wsroute.config;

import dev.wsroute.config.BackendConfig.EndpointSliceRef;
import dev.wsroute.config.BackendConfig.StaticEndpoint;
import dev.wsroute.config.RuleConfig.MatchConfig;
import dev.wsroute.config.RuleConfig.PathMatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What must hold in a document beyond its shape: bounds, unique names, one of two. */
final class ConfigRules {

    private static final int MAX_WEIGHT = 1_000_000;
    private static final int MAX_PORT = 65535;
    private static final int MAX_RETRIES = 100;
    private static final Duration MAX_DURATION = Duration.ofDays(7);

    private static final String LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
    private static final Pattern HOSTNAME = Pattern.compile("(\\*\\.)?" + LABEL + "(\\." + LABEL + ")*");
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9_]([-A-Za-z0-9_.]{0,252})|[0-9A-Fa-f:.]{2,45}");
    private static final Pattern LISTEN_ADDRESS =
            Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern PATH = Pattern.compile("/[^\\s?#]*");

    private final List<String> problems = new ArrayList<>();

    /** One sentence a problem; empty when the document holds. */
    static List<String> check(ProxyConfig config) {
        ConfigRules rules = new ConfigRules();
        rules.document(config);
        return rules.problems;
    }

    private void document(ProxyConfig config) {
        if (config.listeners().isEmpty()) {
            problems.add("listeners must hold at least one listener");
        }
        named("name", config.name());
        listeners(config.listeners());
        duration("drain.delay", config.drain().delay(), false);
        duration("drain.over", config.drain().over(), false);
        duration("drain.closeTimeout", config.drain().closeTimeout(), true);
        Map<String, Integer> names = new HashMap<>();
        for (int i = 0; i < config.routes().size(); i++) {
            String path = "routes[" + i + "]";
            unique(
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
        for (int i = 0; i < listeners.size(); i++) {
            ListenerConfig listener = listeners.get(i);
            String path = "listeners[" + i + "]";
            unique(names, path + ".name", "listeners[%d].name", listener.name(), i);
            between(path + ".port", listener.port(), 0, MAX_PORT);
            String address = listener.address();
            if (address != null && !LISTEN_ADDRESS.matcher(address).matches()) {
                problems.add(path + ".address must be an IP address, got \"" + address + "\"");
            }
            if (listener.port() != 0 && !sockets.add(address + " " + listener.port())) {
                problems.add(path + ".port is that of an earlier listener: " + listener.port());
            }
        }
    }

    private void route(String path, RouteConfig route) {
        for (int i = 0; i < route.hostnames().size(); i++) {
            String host = route.hostnames().get(i);
            if (host.length() > 253 || !HOSTNAME.matcher(host).matches()) {
                problems.add(path + ".hostnames[" + i
                        + "] must be a lower-case host name such as chat.example.com or *.example.com, got \"" + host
                        + "\"");
            }
        }
        if (route.rules().isEmpty()) {
            problems.add(path + ".rules must hold at least one rule");
        }
        Map<String, Integer> names = new HashMap<>();
        for (int i = 0; i < route.rules().size(); i++) {
            RuleConfig rule = route.rules().get(i);
            String at = path + ".rules[" + i + "]";
            unique(names, at + ".name", path + ".rules[%d].name", rule.name(), i);
            rule(at, rule);
        }
    }

    private void rule(String path, RuleConfig rule) {
        for (int i = 0; i < rule.matches().size(); i++) {
            match(path + ".matches[" + i + "].path", rule.matches().get(i));
        }
        Map<String, Integer> names = new HashMap<>();
        for (int i = 0; i < rule.backends().size(); i++) {
            BackendConfig backend = rule.backends().get(i);
            String at = path + ".backends[" + i + "]";
            unique(names, at + ".name", path + ".backends[%d].name", backend.name(), i);
            backend(at, backend);
        }
        between(path + ".connectRetries", rule.connectRetries(), 0, MAX_RETRIES);
        duration(path + ".plainHTTP.responseTimeout", rule.plainHttp().responseTimeout(), true);
        duration(path + ".timeouts.connect", rule.timeouts().connect(), true);
        duration(path + ".timeouts.upgrade", rule.timeouts().upgrade(), true);
        duration(path + ".timeouts.idle", rule.timeouts().idle(), true);
        duration(path + ".timeouts.writeStall", rule.timeouts().writeStall(), true);
        duration(path + ".drain.over", rule.drain().over(), false);
    }

    private void match(String path, MatchConfig match) {
        PathMatch expected = match.path();
        if (expected != null && !PATH.matcher(expected.value()).matches()) {
            problems.add(path + ".value must begin with \"/\" and hold no blank, \"?\" or \"#\", got \""
                    + expected.value() + "\"");
        }
    }

    private void backend(String path, BackendConfig backend) {
        between(path + ".weight", backend.weight(), 0, MAX_WEIGHT);
        EndpointSliceRef slices = backend.endpointSlices();
        List<StaticEndpoint> endpoints = backend.endpoints();
        if ((slices == null) == (endpoints == null)) {
            problems.add(path + " must have exactly one of endpointSlices and endpoints, got "
                    + (slices == null ? "neither" : "both"));
        }
        if (slices != null) {
            named(path + ".endpointSlices.namespace", slices.namespace());
            named(path + ".endpointSlices.service", slices.service());
        }
        Set<StaticEndpoint> seen = new HashSet<>();
        for (int i = 0; endpoints != null && i < endpoints.size(); i++) {
            StaticEndpoint endpoint = endpoints.get(i);
            String at = path + ".endpoints[" + i + "]";
            if (!ADDRESS.matcher(endpoint.address()).matches()) {
                problems.add(at + ".address must be an IP address or a host name, got \"" + endpoint.address() + "\"");
            }
            between(at + ".port", endpoint.port(), 1, MAX_PORT);
            if (!seen.add(endpoint)) {
                problems.add(at + " is given twice: " + endpoint.address() + " port " + endpoint.port());
            }
        }
    }

    private void named(String path, String name) {
        if (name.isBlank()) {
            problems.add(path + " must not be empty");
        }
    }

    private void unique(Map<String, Integer> names, String path, String form, String name, int index) {
        named(path, name);
        Integer earlier = names.putIfAbsent(name, index);
        if (earlier != null) {
            problems.add(path + " must be unique, \"" + name + "\" is also " + form.formatted(earlier));
        }
    }

    private void between(String path, @Nullable Integer value, int least, int most) {
        if (value != null && (value < least || value > most)) {
            problems.add(path + " must be between " + least + " and " + most + ", got " + value);
        }
    }

    private void duration(String path, @Nullable Duration value, boolean positive) {
        if (value != null && positive && value.isZero()) {
            problems.add(path + " must be more than 0s");
        } else if (value != null && value.compareTo(MAX_DURATION) > 0) {
            problems.add(
                    path + " must be at most " + Durations.format(MAX_DURATION) + ", got " + Durations.format(value));
        }
    }
}
