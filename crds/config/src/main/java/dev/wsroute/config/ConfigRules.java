// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import dev.wsroute.config.BackendConfig.EndpointSliceRef;
import dev.wsroute.config.BackendConfig.StaticEndpoint;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks of a document that the annotations of its fields do not cover. */
final class ConfigRules {

    /** Maximum length of an IPv6 address that ends with an IPv4 address. */
    private static final int MAX_ADDRESS = 45;

    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9_]([-A-Za-z0-9_.]{0,252})|[0-9A-Fa-f:.]{2,45}");
    private static final Pattern LISTEN_ADDRESS =
            Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private final Problems problems = new Problems();

    /** Empty if the document is valid. */
    static List<Problem> check(ProxyConfig config) {
        ConfigRules rules = new ConfigRules();
        new FieldChecks(rules.problems).check("", config);
        rules.document(config);
        return rules.problems.found();
    }

    private void document(ProxyConfig config) {
        ConfigVersion version = config.version();
        if (version != null && version.hash().length() > ConfigVersion.MAX_HASH) {
            problems.add(
                    "version.hash",
                    "must have at most " + ConfigVersion.MAX_HASH + " characters, got "
                            + version.hash().length());
        }
        listeners(config.listeners());
        TlsRules tls = new TlsRules(problems);
        tls.check(config.listeners());
        sessionKey(config.sessionKey());
        ticketKeys(config.ticketKeys());
        for (int i = 0; i < config.routes().size() && !problems.isFull(); i++) {
            route("routes[" + i + "]", config.routes().get(i), tls);
        }
    }

    private void listeners(List<ListenerConfig> listeners) {
        Set<String> sockets = new HashSet<>();
        for (int i = 0; i < listeners.size() && !problems.isFull(); i++) {
            ListenerConfig listener = listeners.get(i);
            String path = "listeners[" + i + "]";
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

    private void sessionKey(@Nullable SessionKeyConfig key) {
        if (key != null) {
            oneOf("sessionKey", key.secret(), key.file());
        }
    }

    private void ticketKeys(@Nullable TicketKeysConfig keys) {
        if (keys != null) {
            oneOf("ticketKeys", keys.secret(), keys.file());
        }
    }

    private void oneOf(String path, @Nullable Object secret, @Nullable String file) {
        if ((secret == null) == (file == null)) {
            problems.add(
                    path, "must have exactly one of secret and file, got " + (secret == null ? "neither" : "both"));
        }
    }

    private void route(String path, RouteConfig route, TlsRules tls) {
        for (int i = 0; i < route.rules().size() && !problems.isFull(); i++) {
            rule(path + ".rules[" + i + "]", route.rules().get(i), tls);
        }
    }

    private void rule(String path, RuleConfig rule, TlsRules tls) {
        new TokenRules(problems).check(path, rule);
        for (int i = 0; i < rule.backends().size() && !problems.isFull(); i++) {
            String at = path + ".backends[" + i + "]";
            backend(at, rule.backends().get(i));
            tls.check(at, rule.backends().get(i));
        }
        if (rule.access() != null && rule.access().external() != null) {
            BackendConfig service = rule.access().external().service();
            backend(path + ".access.external.service", service);
            tls.check(path + ".access.external.service", service);
        }
    }

    private void backend(String path, BackendConfig backend) {
        EndpointSliceRef slices = backend.endpointSlices();
        List<StaticEndpoint> endpoints = backend.endpoints();
        if ((slices == null) == (endpoints == null)) {
            problems.add(
                    path,
                    "must have exactly one of endpointSlices and endpoints, got "
                            + (slices == null ? "neither" : "both"));
        }
        Set<StaticEndpoint> seen = new HashSet<>();
        for (int i = 0; endpoints != null && i < endpoints.size() && !problems.isFull(); i++) {
            StaticEndpoint endpoint = endpoints.get(i);
            String at = path + ".endpoints[" + i + "]";
            if (!ADDRESS.matcher(endpoint.address()).matches()) {
                problems.add(
                        at + ".address", "must be an IP address or a host name, got \"" + endpoint.address() + "\"");
            }
            if (!seen.add(endpoint)) {
                problems.add(at, "is given twice: " + endpoint.address() + " port " + endpoint.port());
            }
        }
    }
}
