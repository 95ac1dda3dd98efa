// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.config.InvalidConfigException;
import dev.wsroute.config.ProxyConfigParser;
import dev.wsroute.e2e.install.BoundaryValues.FieldValue;
import dev.wsroute.operator.compile.Compilation;
import dev.wsroute.operator.compile.ForeignServices.Lookup.Denied;
import dev.wsroute.operator.compile.RouteCompiler;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The API server (by the CRD), the operator (about a stored route) and the proxy give the same verdict with the same
 * sentence on each field that routes and files share.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SameVerdictTest {

    /** Fields that only a route has: how its proxies run, and where its backends are. */
    private static final Pattern ROUTE_ONLY =
            Pattern.compile("proxy\\.(replicas|autoscaling|service|image|imagePullSecrets"
                    + "|resources|nodeSelector|tolerations|affinity|topologySpreadConstraints|priorityClassName|podLabels"
                    + "|podAnnotations)\\b.*|proxy\\.listeners\\[]\\.(name|port|tls\\.clientCertificates\\.caCertificateRefs\\[]\\.kind)|rules\\[]\\.(name|backendRefs\\[]\\.((service|namespace|podSelector|port)\\b.*"
                    + "|tls\\.caCertificateRefs\\[]\\.kind)"
                    + "|access\\.external\\.service\\.(name|port|tls\\.caCertificateRefs\\[]\\.kind)"
                    + "|access\\.jwt\\.providers\\[]\\.(keyRefs\\[]\\.kind|jwks\\..*))");

    private static final String JWT = ".access.jwt.";
    private static final String LISTENER = "proxy.listeners[0].";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern STEP = Pattern.compile("([A-Za-z]+)(\\[0])?\\.?");

    private StrictApi api;

    @BeforeAll
    void start() throws IOException {
        api = new StrictApi();
    }

    @AfterAll
    void stop() {
        api.close();
    }

    static List<FieldValue> values() {
        return BoundaryValues.all();
    }

    @Test
    void everyFieldOfTheCrdIsTriedUnlessOnlyARouteHasIt() throws IOException {
        JsonNode crd = new YAMLMapper().readTree(StrictApi.CRD.toFile());
        Set<String> leaves = new TreeSet<>();
        collect("", crd.at("/spec/versions/0/schema/openAPIV3Schema/properties/spec"), leaves);
        leaves.removeIf(path -> ROUTE_ONLY.matcher(path).matches());

        assertThat(BoundaryValues.paths()).containsExactlyElementsOf(leaves);
    }

    @ParameterizedTest
    @MethodSource("values")
    void bothDoorsGiveTheSameVerdictWithTheSameSentence(FieldValue value) throws IOException {
        ObjectNode spec = spec(value);
        Optional<String> atTheApi = applied(spec);
        Optional<String> stored = compiled(spec);
        Optional<String> inAFile = parsed(document(spec));

        assertThat(atTheApi.isEmpty()).as("accepted by the API: %s", atTheApi).isEqualTo(value.fits());
        assertThat(inAFile.isEmpty()).as("accepted in a file: %s", inAFile).isEqualTo(value.fits());
        assertThat(atTheApi.orElse("")).contains(value.sentence());
        assertThat(inAFile.orElse("")).contains(value.sentence());
        if (stored.isPresent()) {
            // A number becomes text when the operator reads a stored route, so quotes do not count.
            assertThat(unquoted(stored.get()
                            .replace("spec.proxy.", "")
                            .replace("spec.", "routes[0].")
                            .replace("backendRefs", "backends")))
                    .isEqualTo(unquoted(inAFile.orElse("")));
        }
    }

    @ParameterizedTest
    @CsvSource({"PathPrefix, ws", "Exact, /a?b", "RegularExpression, (ab){100}", "RegularExpression, \\Q/a\\E"})
    void bothDoorsNameTheMatchAndTheValueOfARefusedPath(String type, String value) throws IOException {
        ObjectNode spec = matching(type, value);

        assertThat(applied(spec).orElse("")).contains("spec.rules[0].matches[1].path.value", "got " + value);
        assertThat(compiled(spec).orElse(""))
                .startsWith("spec.rules[0].matches[1].path.value must")
                .contains(value);
        assertThat(parsed(document(spec)).orElse(""))
                .startsWith("routes[0].rules[0].matches[1].path.value must")
                .contains(value);
    }

    @ParameterizedTest
    @CsvSource({"/a\\){150}", "(/a\\){150}b)"})
    void bothDoorsAcceptACountBehindAnEscapedParenthesis(String expression) throws IOException {
        ObjectNode spec = matching("RegularExpression", expression);

        assertThat(applied(spec)).isEmpty();
        assertThat(compiled(spec)).isEmpty();
        assertThat(parsed(document(spec))).isEmpty();
    }

    /** A spec whose second match has this path. */
    private static ObjectNode matching(String type, String value) throws IOException {
        ObjectNode spec = (ObjectNode) JSON.readTree("{\"rules\":[{\"name\":\"a\",\"matches\":[{},{\"path\":{}}],"
                + "\"backendRefs\":[{\"service\":{\"name\":\"x\",\"port\":80}}]}]}");
        ((ObjectNode) spec.at("/rules/0/matches/1/path")).put("type", type).put("value", value);
        return spec;
    }

    private static String unquoted(String text) {
        return text.replace("\"", "");
    }

    /** The API server's message if it refuses a route with the spec. */
    private Optional<String> applied(ObjectNode spec) {
        try {
            api.apply(Serialization.unmarshal(route(spec).toString(), GenericKubernetesResource.class));
            return Optional.empty();
        } catch (KubernetesClientException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** The operator's message if it refuses a stored route with the spec. Empty if it cannot read the route. */
    private static Optional<String> compiled(ObjectNode spec) {
        WebSocketRoute route;
        try {
            route = Serialization.unmarshal(route(spec).toString(), WebSocketRoute.class);
        } catch (RuntimeException unreadable) {
            return Optional.empty();
        }
        Compilation compilation =
                RouteCompiler.compile(route, name -> Optional.empty(), (namespace, name) -> new Denied(""), Map.of());
        return compilation instanceof Compilation.Refused refused
                ? Optional.of(String.join("; ", refused.problems()))
                : Optional.empty();
    }

    private static Optional<String> parsed(ObjectNode document) {
        try {
            new ProxyConfigParser().parse(document.toString(), true);
            return Optional.empty();
        } catch (InvalidConfigException e) {
            return Optional.of(String.join("; ", e.sentences()));
        }
    }

    private static ObjectNode route(ObjectNode spec) {
        ObjectNode route = JSON.createObjectNode()
                .put("apiVersion", "wsroute.dev/v1alpha1")
                .put("kind", "WebSocketRoute");
        route.putObject("metadata").put("name", "tried").put("namespace", "default");
        return route.set("spec", spec);
    }

    /** A spec with the value and the other fields that it needs. */
    private static ObjectNode spec(FieldValue value) throws IOException {
        ObjectNode spec = (ObjectNode) JSON.readTree(
                "{\"rules\":[{\"name\":\"a\",\"backendRefs\":[{\"service\":{\"name\":\"x\",\"port\":80}}]}]}");
        String path = value.path();
        boolean pair = !path.startsWith(LISTENER)
                && !path.contains("backendRefs")
                && !path.contains("external")
                && !path.contains("access.")
                && (path.endsWith("].name") || path.endsWith("].value"));
        if (pair) {
            String item = path.substring(0, path.lastIndexOf('.'));
            put(spec, item + ".name", JSON.valueToTree("X-Sample"));
            put(spec, item + ".value", JSON.valueToTree("a"));
        }
        if (path.contains("consistentHash.")) {
            put(spec, "rules[0].loadBalancing.type", JSON.valueToTree("ConsistentHash"));
            put(spec, "rules[0].loadBalancing.consistentHash.type", JSON.valueToTree("QueryParam"));
            if (!Set.of("ClientIP", "Subject").contains(value.value().asText())) {
                put(spec, "rules[0].loadBalancing.consistentHash.name", JSON.valueToTree("a"));
            }
        }
        if (path.endsWith("loadBalancing.type") && value.value().asText().equals("ConsistentHash")) {
            put(spec, "rules[0].loadBalancing.consistentHash.type", JSON.valueToTree("ClientIP"));
        }
        if (path.endsWith("sameSite")) {
            put(spec, "rules[0].sessionPersistence.secure", JSON.valueToTree("Always"));
        }
        if (path.endsWith("proxyProtocol")) {
            put(spec, "proxy.clientAddress.trustedProxies[0]", JSON.valueToTree("10.0.0.0/8"));
        }
        if (path.endsWith("Burst") || path.endsWith("onRateExceeded")) {
            put(spec, "rules[0].connections.messagesPerSecond", JSON.valueToTree(1));
            put(spec, "rules[0].connections.bytesPerSecond", JSON.valueToTree(1));
        }
        if (path.contains("external")) {
            put(spec, "rules[0].access.external.service.name", JSON.valueToTree("auth"));
            put(spec, "rules[0].access.external.service.port", JSON.valueToTree(80));
        }
        if (path.contains(JWT)) {
            tokens(spec, path, value.value());
        }
        if (path.contains(".apiKeys.") || path.contains(".basic.")) {
            put(
                    spec,
                    path.substring(0, path.indexOf('.', path.indexOf("access.") + 7)) + ".secretRef.name",
                    JSON.valueToTree("a"));
        }
        if (path.contains(".apiKeys.from[0]")) {
            put(spec, "rules[0].access.apiKeys.from[0].type", JSON.valueToTree("QueryParam"));
            put(spec, "rules[0].access.apiKeys.from[0].name", JSON.valueToTree("a"));
        }
        if (path.startsWith(LISTENER)) {
            listener(spec, path, value.value());
        }
        put(spec, path, value.value());
        return spec;
    }

    private static void tokens(ObjectNode spec, String path, JsonNode value) {
        String jwt = "rules[0]" + JWT;
        put(spec, jwt + "providers[0].name", JSON.valueToTree("main"));
        put(spec, jwt + "providers[0].algorithms[0]", JSON.valueToTree("ES256"));
        put(spec, jwt + "providers[0].keyRefs[0].name", JSON.valueToTree("keys"));
        if (path.contains(".from[0]")) {
            put(spec, jwt + "from[0].type", JSON.valueToTree("QueryParam"));
            if (value.asText().equals("Cookie")) {
                put(spec, jwt + "from[0].name", JSON.valueToTree("a"));
            }
        }
        if (path.contains(".claims[0]")) {
            put(spec, jwt + "claims[0].name", JSON.valueToTree("a"));
            if (path.endsWith("name")) {
                put(spec, jwt + "claims[0].equals", JSON.valueToTree("a"));
            }
        }
        if (path.contains(".claimsToHeaders[0]")) {
            put(spec, jwt + "claimsToHeaders[0].claim", JSON.valueToTree("a"));
            put(spec, jwt + "claimsToHeaders[0].header", JSON.valueToTree("a"));
        }
    }

    private static void listener(ObjectNode spec, String path, JsonNode value) throws IOException {
        put(spec, LISTENER + "name", JSON.valueToTree("wss"));
        put(spec, LISTENER + "port", JSON.valueToTree(443));
        put(spec, LISTENER + "protocol", JSON.valueToTree("HTTPS"));
        if (!value.asText().equals("HTTP")) {
            put(spec, LISTENER + "tls.certificateRefs[0].name", JSON.valueToTree("chat-tls"));
        }
        if (path.contains("clientCertificates")) {
            put(spec, LISTENER + "tls.clientCertificates.caCertificateRefs[0].name", JSON.valueToTree("ca"));
        }
        if (path.endsWith("redirectFrom")) {
            spec.withArray("/proxy/listeners").add(JSON.readTree("{\"name\":\"web\",\"port\":8080}"));
        }
    }

    /** The same document as a file. */
    private static ObjectNode document(ObjectNode spec) throws IOException {
        ObjectNode route = spec.deepCopy();
        JsonNode proxy = route.remove("proxy");
        route.put("name", "r");
        route.path("rules").forEach(rule -> {
            tokens(rule.path("access").path("jwt"));
            secret(rule.path("access").path("apiKeys"), "keys");
            secret(rule.path("access").path("basic"), "auth");
            JsonNode ref = rule.path("backendRefs").path(0);
            ((ObjectNode) rule).remove("backendRefs");
            ObjectNode backend = ((ObjectNode) rule).putArray("backends").addObject();
            backend.put("name", "x")
                    .putObject("endpointSlices")
                    .put("namespace", "default")
                    .put("service", "x");
            if (ref.has("weight")) {
                backend.set("weight", ref.get("weight"));
            }
            if (ref.has("tls")) {
                backend.set("tls", ref.get("tls"));
                certificates(backend);
            }
            if (rule.path("access").path("external").path("service") instanceof ObjectNode service) {
                service.remove("port");
                service.putObject("endpointSlices").put("namespace", "default").put("service", "auth");
                if (service.has("tls")) {
                    certificates(service);
                }
            }
        });
        ObjectNode document = (ObjectNode) JSON.readTree("{\"listeners\":[{\"name\":\"ws\",\"port\":80}]}");
        if (proxy instanceof ObjectNode fields) {
            document.setAll(fields);
            document.path("listeners").forEach(listener -> {
                JsonNode tls = listener.path("tls");
                replace(tls, "certificateRefs", "certificates", "secret");
                replace(tls.path("clientCertificates"), "caCertificateRefs", "caCertificates", "configMap");
            });
        }
        document.putArray("routes").add(route);
        return document;
    }

    private static void certificates(ObjectNode backend) {
        replace(backend.get("tls"), "caCertificateRefs", "caCertificates", "configMap");
        JsonNode own = ((ObjectNode) backend.get("tls")).remove("clientCertificateRef");
        if (own != null) {
            backend.withObject("/tls/clientCertificate/secret")
                    .put("namespace", "default")
                    .set("name", own.path("name"));
        }
    }

    private static void tokens(JsonNode jwt) {
        jwt.path("providers").forEach(provider -> {
            JsonNode keys = provider.path("keyRefs").deepCopy();
            replace(provider, "keyRefs", "keys", "configMap");
            for (int i = 0; i < keys.size(); i++) {
                if (keys.get(i).has("key")) {
                    ((ObjectNode) provider.get("keys").get(i))
                            .set("key", keys.get(i).get("key"));
                }
            }
        });
        if (jwt instanceof ObjectNode object && object.has("denyListRef")) {
            JsonNode name = object.remove("denyListRef").path("name");
            object.withObject("/denyList/configMap").put("namespace", "default").set("name", name);
        }
    }

    private static void secret(JsonNode rules, String defaultKey) {
        if (rules instanceof ObjectNode object && object.remove("secretRef") instanceof ObjectNode ref) {
            ObjectNode source = object.putObject("credentials");
            source.putObject("secret").put("namespace", "default").set("name", ref.get("name"));
            source.put("key", ref.path("key").asText(defaultKey));
        }
    }

    /** Names of objects in the route's namespace become references to objects in any namespace. */
    private static void replace(JsonNode parent, String names, String references, String kind) {
        if (parent instanceof ObjectNode object && object.has(names)) {
            JsonNode refs = object.remove(names);
            ArrayNode sources = object.putArray(references);
            refs.forEach(ref -> sources.addObject()
                    .putObject(kind)
                    .put("namespace", "default")
                    .set("name", ref.path("name")));
        }
    }

    private static void put(ObjectNode root, String path, JsonNode value) {
        ObjectNode at = root;
        Matcher step = STEP.matcher(path);
        while (step.find()) {
            boolean last = step.end() == path.length();
            boolean list = step.group(2) != null;
            if (list) {
                ArrayNode items = at.withArray(step.group(1));
                if (last) {
                    items.removeAll().add(value);
                } else {
                    at = items.isEmpty() ? items.addObject() : (ObjectNode) items.get(0);
                }
            } else if (last) {
                at.set(step.group(1), value);
            } else {
                at = at.withObjectProperty(step.group(1));
            }
        }
    }

    private static void collect(String path, JsonNode schema, Set<String> leaves) {
        if (schema.has("properties")) {
            schema.path("properties")
                    .properties()
                    .forEach(field -> collect(
                            path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue(), leaves));
        } else if (schema.has("items")) {
            collect(path + "[]", schema.get("items"), leaves);
        } else {
            leaves.add(path);
        }
    }
}
