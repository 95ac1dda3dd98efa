package dev.wsroute.e2e.scenario;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The spec of a route under test: one rule, one proxy, windows short enough to watch. */
final class Spec {

    private final ObjectNode root = JsonNodeFactory.instance.objectNode();
    private final ObjectNode rule;
    private final ObjectNode proxy;

    private Spec() {
        rule = root.putArray("rules").addObject().put("name", "main");
        rule.putArray("backendRefs");
        rule.putObject("drain").put("over", "4s");
        proxy = root.putObject("proxy").put("replicas", 1);
        proxy.putArray("listeners").addObject().put("name", "ws").put("port", 8080);
        proxy.putObject("service").put("type", "LoadBalancer");
        proxy.putObject("drain").put("delay", "1s").put("over", "4s").put("closeTimeout", "1s");
    }

    /** Everything goes to port {@code ws} of a Service. */
    static Spec to(String service) {
        return to(service, "ws");
    }

    /** Everything goes to a port of a Service. */
    static Spec to(String service, String port) {
        Spec spec = new Spec();
        spec.addBackend().putObject("service").put("name", service).put("port", port);
        return spec;
    }

    /** Everything goes to port 8010 of the pods with label {@code app}. */
    static Spec toPods(String app) {
        Spec spec = new Spec();
        ObjectNode backend = spec.addBackend();
        backend.putObject("podSelector").putObject("matchLabels").put("app", app);
        backend.put("port", 8010);
        return spec;
    }

    /** A further backend, with the same share. */
    Spec alsoTo(String service) {
        addBackend().putObject("service").put("name", service).put("port", "ws");
        return this;
    }

    Spec replicas(int replicas) {
        proxy.put("replicas", replicas);
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

    ObjectNode json() {
        return root.deepCopy();
    }

    private ObjectNode addBackend() {
        return ((ArrayNode) rule.get("backendRefs")).addObject();
    }
}
