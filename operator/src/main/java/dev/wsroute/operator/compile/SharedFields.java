// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.api.v1alpha1.ProxySpec;
import dev.wsroute.api.v1alpha1.WebSocketRouteSpec;
import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.PartReader;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.RouteConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of a spec that have the same names in the proxies' document, with the checks of that document. The sentences
 * have the paths of the spec.
 */
final class SharedFields {

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private static final List<ListenerConfig> DEFAULT_LISTENERS = List.of(ListenerConfig.http("ws", null, 80));

    private final PartReader reader = new PartReader();

    /** One sentence per problem; empty if everything read so far is valid. */
    List<String> problems() {
        return reader.problems();
    }

    /** The route called {@code name}, without the backends of its rules; null if there are problems. */
    @Nullable RouteConfig route(String name, WebSocketRouteSpec spec) {
        ObjectNode route = JSON.createObjectNode().put("name", name);
        route.set("hostnames", JSON.valueToTree(spec.hostnames()));
        route.set("paths", JSON.valueToTree(spec.paths()));
        ArrayNode rules = route.putArray("rules");
        spec.rules().forEach(rule -> rules.add(without("backendRefs", JSON.valueToTree(rule))));
        return reader.read("spec", route, RouteConfig.class);
    }

    /** The settings of the whole proxy; null if there are problems. */
    @Nullable ProxyConfig proxy(@Nullable ProxySpec spec) {
        ObjectNode proxy = JSON.createObjectNode();
        if (spec != null) {
            proxy.set("listeners", listeners(spec.listeners()));
            proxy.set("clientAddress", JSON.valueToTree(spec.clientAddress()));
            proxy.set("limits", JSON.valueToTree(spec.limits()));
            proxy.set("drain", JSON.valueToTree(spec.drain()));
            proxy.set("accessLog", JSON.valueToTree(spec.accessLog()));
        }
        if (!proxy.hasNonNull("listeners")) {
            proxy.set("listeners", JSON.valueToTree(DEFAULT_LISTENERS));
        }
        return reader.read("spec.proxy", proxy, ProxyConfig.class);
    }

    /** Without the references to Secrets and ConfigMaps, which have another shape in the document. */
    private static JsonNode listeners(@Nullable List<ProxySpec.ListenerSpec> spec) {
        JsonNode listeners = JSON.valueToTree(spec);
        for (JsonNode listener : listeners) {
            if (listener.path("tls") instanceof ObjectNode tls) {
                without("certificateRefs", tls);
                if (tls.path("clientCertificates") instanceof ObjectNode clients) {
                    without("caCertificateRefs", clients);
                }
            }
        }
        return listeners;
    }

    private static JsonNode without(String field, ObjectNode object) {
        object.remove(field);
        return object;
    }
}
