// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.migrate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Converts Ingresses into routes. A host name can lead to one proxy only, so all paths of a host in a namespace become one
 * route, whatever Ingress has them, as ingress-nginx does. Hosts with the same rules share a route.
 */
final class RouteBuilder {

    private static final int LONGEST_NAME = 50;

    private final String serviceType;
    private final Set<String> names = new LinkedHashSet<>();

    /** @param serviceType of the proxies' Services: {@code ClusterIP}, {@code NodePort} or {@code LoadBalancer} */
    RouteBuilder(String serviceType) {
        this.serviceType = serviceType;
    }

    List<ConvertedRoute> convert(List<Ingress> ingresses) {
        Map<List<String>, List<Location>> hosts = ingresses.stream()
                .map(Source::new)
                .flatMap(source -> source.locations().stream())
                .collect(Collectors.groupingBy(
                        location -> List.of(location.source().namespace(), location.host()),
                        LinkedHashMap::new,
                        Collectors.toList()));
        Map<ObjectNode, ConvertedRoute> routes = new LinkedHashMap<>();
        hosts.forEach((host, locations) -> {
            Stream<String> aliases = locations.stream()
                    .flatMap(location -> location.source().aliases().stream())
                    .filter(alias -> !hosts.containsKey(List.of(host.get(0), alias)));
            add(host.get(0), host.get(1), locations, routes).ifPresent(route -> aliases.forEach(route::addHost));
        });
        return new ArrayList<>(routes.values());
    }

    private Optional<ConvertedRoute> add(
            String namespace, String host, List<Location> locations, Map<ObjectNode, ConvertedRoute> routes) {
        HostRules rules = new HostRules(locations);
        ArrayNode converted = rules.rules();
        if (converted.isEmpty()) {
            return Optional.empty();
        }
        Set<Source> sources =
                locations.stream().map(Location::source).collect(Collectors.toCollection(LinkedHashSet::new));
        HostProxy proxy = new HostProxy(host, sources, serviceType);
        ObjectNode spec = JsonNodeFactory.instance.objectNode();
        spec.set("rules", converted);
        spec.set("proxy", proxy.fields());
        ConvertedRoute route = routes.computeIfAbsent(
                spec.deepCopy().put("namespace", namespace),
                key -> new ConvertedRoute(
                        namespace, name(sources.iterator().next().name(), host), spec));
        route.addHost(host);
        sources.forEach(source -> route.addSource(source.name(), source.settings()));
        route.notes().addAll(proxy.notes());
        route.lostProtections().addAll(proxy.lostProtections());
        route.notes().addAll(rules.notes());
        return Optional.of(route);
    }

    /** A name that a route may have and no other one has: that of the Ingress, then with the host. */
    private String name(String ingress, String host) {
        String candidate = label(ingress);
        if (!names.add(candidate)) {
            candidate = label(ingress + "-" + host.replace("*", "wildcard"));
            for (int i = 2; !names.add(candidate); i++) {
                candidate = label(ingress) + "-" + i;
            }
        }
        return candidate;
    }

    private static String label(String name) {
        String plain =
                name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^[^a-z]+", "");
        String cut = plain.length() > LONGEST_NAME ? plain.substring(0, LONGEST_NAME) : plain;
        String label = cut.replaceAll("-+$", "");
        return label.isEmpty() ? "route" : label;
    }
}
