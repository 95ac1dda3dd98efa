// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.migrate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** A route, and what there is to say about it. */
final class ConvertedRoute {

    /** Text that no YAML parser takes for anything else. */
    private static final Pattern NEEDLESSLY_QUOTED = Pattern.compile(
            "(?m)((?:: |- ))\"(?!(?i:true|false|null|yes|no|on|off|y|n)\")([A-Za-z/][A-Za-z0-9._/-]*)\"$");

    private final String namespace;
    private final String name;
    private final ObjectNode spec;
    private final Set<String> hosts = new LinkedHashSet<>();
    private final Set<String> ingresses = new LinkedHashSet<>();
    private final Set<String> notes = new LinkedHashSet<>();
    private final Set<String> lostProtections = new LinkedHashSet<>();

    ConvertedRoute(String namespace, String name, ObjectNode spec) {
        this.namespace = namespace;
        this.name = name;
        this.spec = spec;
    }

    void addHost(String host) {
        if (!host.isEmpty()) {
            hosts.add(host);
        }
    }

    void addSource(String ingress, Settings settings) {
        ingresses.add(ingress);
        notes.addAll(settings.notes());
        lostProtections.addAll(settings.lostProtections());
    }

    Set<String> notes() {
        return notes;
    }

    Set<String> lostProtections() {
        return lostProtections;
    }

    /** Whether more clients could reach the backends through the route than through the Ingress. */
    boolean isLessProtected() {
        return !lostProtections.isEmpty();
    }

    /**
     * A YAML document with comments.
     *
     * @param disabled whether all of it is a comment
     */
    String print(boolean disabled) {
        StringBuilder out = new StringBuilder("---\n");
        comment(
                out,
                "From Ingress " + String.join(", ", ingresses) + ". Its clients connect to the Service " + name
                        + "-proxy: point the DNS of its hosts there.");
        lostProtections.forEach(lost -> comment(out, "WARNING: " + lost + " The route lets everybody connect."));
        notes.forEach(note -> comment(out, "- " + note));
        String yaml = NEEDLESSLY_QUOTED
                .matcher(Serialization.asYaml(object()).replaceFirst("^---\\s*", ""))
                .replaceAll("$1$2");
        out.append(disabled ? yaml.replaceAll("(?m)^(?=.)", "# ") : yaml);
        return out.toString();
    }

    private ObjectNode object() {
        ObjectNode route = JsonNodeFactory.instance.objectNode();
        route.put("apiVersion", "wsroute.dev/v1alpha1").put("kind", "WebSocketRoute");
        ObjectNode metadata = route.putObject("metadata").put("name", name);
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        ObjectNode named = route.putObject("spec");
        if (!hosts.isEmpty()) {
            hosts.forEach(named.putArray("hostnames")::add);
        }
        named.setAll(spec);
        return route;
    }

    /** What users wrote may span lines; for YAML, U+0085, U+2028 and U+2029 end one, too, and with it the comment. */
    private static void comment(StringBuilder out, String text) {
        out.append("# ").append(text.replaceAll("[\\p{C}\\p{Z}]+", " ")).append('\n');
    }
}
