// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The spec of a route under test: one rule, one proxy, windows short enough to watch. */
final class Spec {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private final ObjectNode root = JsonNodeFactory.instance.objectNode();
    private final ObjectNode rule;
    private final ObjectNode proxy;

    private Spec() {
        rule = root.putArray("rules").addObject().put("name", "main");
        rule.putArray("backendRefs");
        rule.putObject("drain").put("over", "4s");
        // Notice new pods at once.
        rule.putObject("loadBalancing").put("slowStart", "0s");
        proxy = root.putObject("proxy").put("replicas", 1);
        proxy.putArray("listeners").addObject().put("name", "ws").put("port", 8080);
        proxy.putObject("service").put("type", "LoadBalancer");
        proxy.putObject("drain").put("delay", "1s").put("over", "4s").put("closeTimeout", "5s");
    }

    /** A route of all requests to port {@code ws} of a Service. */
    static Spec to(String service) {
        return to(service, "ws");
    }

    /** A route of all requests to a port of a Service. */
    static Spec to(String service, String port) {
        Spec spec = new Spec();
        spec.addBackend().putObject("service").put("name", service).put("port", port);
        return spec;
    }

    /** A route of all requests to port 8010 of the pods with label {@code app}. */
    static Spec toPods(String app) {
        return new Spec().alsoToPods(app);
    }

    /** Adds a backend with the same weight. */
    Spec alsoTo(String service) {
        addBackend().putObject("service").put("name", service).put("port", "ws");
        return this;
    }

    /** Adds port 8010 of the pods with label {@code app} as a backend with the same weight. */
    Spec alsoToPods(String app) {
        ObjectNode backend = addBackend();
        backend.putObject("podSelector").putObject("matchLabels").put("app", app);
        backend.put("port", 8010);
        return this;
    }

    /** Says that the Service of the backend that was added last is in this namespace. */
    Spec inNamespace(String namespace) {
        ArrayNode backends = (ArrayNode) rule.get("backendRefs");
        ((ObjectNode) backends.get(backends.size() - 1)).put("namespace", namespace);
        return this;
    }

    /** Sets the weight of the backend that was added last. */
    Spec weight(int weight) {
        ArrayNode backends = (ArrayNode) rule.get("backendRefs");
        ((ObjectNode) backends.get(backends.size() - 1)).put("weight", weight);
        return this;
    }

    Spec replicas(int replicas) {
        proxy.put("replicas", replicas);
        return this;
    }

    /** Without replicas, as in a manifest whose route is scaled by others. */
    Spec withoutReplicas() {
        proxy.remove("replicas");
        return this;
    }

    /** The time over which a proxy that shuts down closes its connections. */
    Spec shutdownOver(String duration) {
        proxy.withObject("/drain").put("over", duration);
        return this;
    }

    /** Adds a listener. */
    Spec listener(String listener, int port) {
        proxy.withArray("listeners").addObject().put("name", listener).put("port", port);
        return this;
    }

    /** Sets the type of the proxies' Service, and an annotation with this value. */
    Spec service(String type, String annotation) {
        proxy.putObject("service").put("type", type).putObject("annotations").put("example.com/note", annotation);
        return this;
    }

    Spec plainHttp(String mode) {
        rule.putObject("plainHTTP").put("mode", mode);
        return this;
    }

    /** Adds a rule for another path with the same backends; {@code first}: before the existing one. */
    Spec secondRule(String prefix, boolean first) {
        ObjectNode second = rule.deepCopy().put("name", "second");
        second.putArray("matches")
                .addObject()
                .putObject("path")
                .put("type", "PathPrefix")
                .put("value", prefix);
        root.withArray("rules").insert(first ? 0 : 1, second);
        return this;
    }

    Spec hostname(String hostname) {
        root.withArray("hostnames").add(hostname);
        return this;
    }

    Spec path(String prefix) {
        rule.withArray("matches")
                .addObject()
                .putObject("path")
                .put("type", "PathPrefix")
                .put("value", prefix);
        return this;
    }

    Spec idle(String duration) {
        rule.withObject("/timeouts").put("idle", duration);
        return this;
    }

    Spec roundRobin() {
        rule.putObject("loadBalancing").put("type", "RoundRobin");
        return this;
    }

    /** Adds or replaces fields of the rule, in YAML. */
    Spec rule(String yaml) {
        rule.setAll(parse(yaml));
        return this;
    }

    /** Inserts a rule before the others, in YAML. */
    Spec ruleBefore(String yaml) {
        root.withArray("rules").insert(0, parse(yaml));
        return this;
    }

    /** Adds or replaces fields of the proxy, in YAML. */
    Spec proxy(String yaml) {
        proxy.setAll(parse(yaml));
        return this;
    }

    private static ObjectNode parse(String yaml) {
        try {
            return (ObjectNode) YAML.readTree(yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ObjectNode json() {
        return root.deepCopy();
    }

    private ObjectNode addBackend() {
        return ((ArrayNode) rule.get("backendRefs")).addObject();
    }
}
