// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.api.v1alpha1.AutoscalingSpec;
import dev.wsroute.api.v1alpha1.BackendRef;
import dev.wsroute.api.v1alpha1.ProxySpec;
import dev.wsroute.api.v1alpha1.RouteRule;
import dev.wsroute.api.v1alpha1.WebSocketRouteSpec;
import dev.wsroute.config.BackendTls;
import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.PartReader;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.RouteConfig;
import dev.wsroute.operator.scaling.ScalingRules;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of a spec that have the same names in the proxies' document, with the checks of that document. The sentences
 * have the paths of the spec.
 */
final class SharedFields {

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private static final List<ListenerConfig> DEFAULT_LISTENERS = List.of(ListenerConfig.http("ws", null, 80));

    /** Fields of a spec that the document does not have under this name, because other classes compile them. */
    static final Set<String> OF_ROUTES = Set.of("proxy");

    /** As above, of a rule. */
    static final Set<String> OF_RULES = Set.of("backendRefs");

    /** As above, of the proxy: what describes its pods and their Service. */
    static final Set<String> OF_PROXIES = Set.of(
            "replicas",
            "autoscaling",
            "service",
            "image",
            "imagePullSecrets",
            "resources",
            "nodeSelector",
            "tolerations",
            "affinity",
            "topologySpreadConstraints",
            "priorityClassName",
            "podLabels",
            "podAnnotations");

    /** As above, of a listener's TLS: references to Secrets. */
    static final String CERTIFICATES = "certificateRefs";

    /** As above, of a listener's client certificates: references to ConfigMaps and Secrets. */
    static final String CA_CERTIFICATES = "caCertificateRefs";

    /** As above, of a backend's TLS: references to ConfigMaps and Secrets. */
    static final Set<String> OF_BACKEND_TLS = Set.of("caCertificateRefs", "clientCertificateRef");

    /** As above, of an authorization service. */
    static final String SERVICE_PORT = "port";

    private final PartReader reader = new PartReader();

    /** One sentence per problem; empty if everything read so far is valid. */
    List<String> problems() {
        return reader.problems();
    }

    /** The route of this name, without the backends of its rules; null if there are problems. */
    @Nullable RouteConfig route(String namespace, String name, WebSocketRouteSpec spec) {
        ObjectNode route = without(OF_ROUTES, spec);
        route.put("name", namespace + "/" + name);
        ArrayNode rules = route.putArray("rules");
        spec.rules()
                .forEach(rule ->
                        rules.add(CredentialObjects.added(withoutTokenObjects(withoutReferences(rule)), namespace)));
        RouteConfig config = reader.read("spec", route, RouteConfig.class);
        for (int i = 0; i < spec.rules().size(); i++) {
            List<BackendRef> refs = spec.rules().get(i).backendRefs();
            for (int j = 0; j < refs.size(); j++) {
                backendTls("spec.rules[" + i + "].backendRefs[" + j + "].tls", refs.get(j));
            }
        }
        return config;
    }

    /** {@link RouteCompiler} completes the authorization service. */
    private static ObjectNode withoutReferences(RouteRule rule) {
        ObjectNode object = without(OF_RULES, rule);
        if (object.path("access").path("external").path("service") instanceof ObjectNode service) {
            service.remove(SERVICE_PORT);
            if (service.path("tls") instanceof ObjectNode tls) {
                tls.remove(OF_BACKEND_TLS);
            }
        }
        return object;
    }

    /** Checks only: {@link BackendSecurity} compiles it. */
    private void backendTls(String path, BackendRef ref) {
        if (ref.tls() != null) {
            var unused = reader.read(path, without(OF_BACKEND_TLS, ref.tls()), BackendTls.class);
        }
    }

    /** The settings of the whole proxy; null if there are problems. */
    @Nullable ProxyConfig proxy(@Nullable ProxySpec spec) {
        ObjectNode proxy = spec == null ? JSON.createObjectNode() : without(OF_PROXIES, spec);
        // An empty list is an error, and not the default.
        List<ProxySpec.ListenerSpec> listeners = spec == null ? null : spec.listeners();
        proxy.set("listeners", listeners == null ? JSON.valueToTree(DEFAULT_LISTENERS) : listeners(listeners));
        return reader.read("spec.proxy", proxy, ProxyConfig.class);
    }

    /** The rules of autoscaling, which the document does not have; null if there are problems. */
    @Nullable ScalingRules autoscaling(AutoscalingSpec spec) {
        return reader.read(Autoscaling.PATH, Autoscaling.json(spec), ScalingRules.class);
    }

    private static JsonNode listeners(List<ProxySpec.ListenerSpec> spec) {
        JsonNode listeners = JSON.valueToTree(spec);
        for (JsonNode listener : listeners) {
            if (listener.path("tls") instanceof ObjectNode tls) {
                tls.remove(CERTIFICATES);
                if (tls.path("clientCertificates") instanceof ObjectNode clients) {
                    clients.remove(CA_CERTIFICATES);
                }
            }
        }
        return listeners;
    }

    private static ObjectNode withoutTokenObjects(ObjectNode rule) {
        if (rule.path("access").path("jwt") instanceof ObjectNode jwt) {
            jwt.remove(TokenObjects.DENY_LIST);
            for (JsonNode provider : jwt.path("providers")) {
                if (provider instanceof ObjectNode object) {
                    object.remove(TokenObjects.OF_PROVIDERS);
                }
            }
        }
        return rule;
    }

    private static ObjectNode without(Set<String> fields, Record part) {
        ObjectNode object = JSON.valueToTree(part);
        return object.remove(fields);
    }
}
