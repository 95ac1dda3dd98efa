// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.config.EndpointZones;
import dev.wsroute.proxy.kube.EndpointSlice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * EndpointSlices in one line. {@code ws=8080 | a@10.0.0.1 b@10.0.0.2:n--} is a slice with port {@code ws} and two
 * endpoints, by pod UID (or {@code -}) and address; the letters after the second colon are ready, serving and
 * terminating: {@code t}rue, {@code f}alse, {@code n} for absent. Without letters all three are absent. The zone and
 * the zones of the hints may follow: {@code a@10.0.0.1#here>here,there}.
 */
public final class Slices {

    private Slices() {}

    public static EndpointSlice slice(String name, String spec) {
        String[] halves = spec.split("\\|", -1);
        List<EndpointSlice.Port> ports = new ArrayList<>();
        for (String port : words(halves[0])) {
            String[] parts = port.split("=", -1);
            ports.add(new EndpointSlice.Port(parts[0].equals("-") ? null : parts[0], Integer.valueOf(parts[1]), "TCP"));
        }
        List<EndpointSlice.SliceEndpoint> endpoints = new ArrayList<>();
        for (String endpoint : words(halves[1])) {
            String[] located = endpoint.split("#", -1);
            String[] parts = located[0].split("@", -1);
            int slash = parts[1].indexOf('/');
            String address = slash < 0 ? parts[1] : parts[1].substring(0, slash);
            String letters = slash < 0 ? "nnn" : parts[1].substring(slash + 1);
            endpoints.add(new EndpointSlice.SliceEndpoint(
                    address,
                    flag(letters.charAt(0)),
                    flag(letters.charAt(1)),
                    flag(letters.charAt(2)),
                    parts[0].equals("-") ? null : new EndpointSlice.Target("Pod", "pod-" + parts[0], parts[0]),
                    located.length == 1 ? EndpointZones.UNKNOWN : zones(located[1])));
        }
        return new EndpointSlice(name, null, ports, endpoints);
    }

    /** The slice as JSON of the API. */
    public static String json(EndpointSlice slice, String version) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putObject("metadata")
                .put("namespace", "apps")
                .put("name", slice.name())
                .put("resourceVersion", version)
                .putObject("labels")
                .put("kubernetes.io/service-name", "chat");
        json.put("addressType", "IPv4");
        ArrayNode ports = json.putArray("ports");
        slice.ports()
                .forEach(port -> ports.addObject()
                        .put("name", port.name())
                        .put("port", port.port())
                        .put("protocol", port.protocol()));
        ArrayNode endpoints = json.putArray("endpoints");
        slice.endpoints().forEach(endpoint -> {
            ObjectNode one = endpoints.addObject();
            ArrayNode addresses = one.putArray("addresses");
            if (endpoint.address() != null) {
                addresses.add(endpoint.address()).add("192.0.2.1");
            }
            one.putObject("conditions")
                    .put("ready", endpoint.ready())
                    .put("serving", endpoint.serving())
                    .put("terminating", endpoint.terminating());
            one.put("zone", endpoint.zones().zone());
            ArrayNode hints = one.putObject("hints").putArray("forZones");
            endpoint.zones().hints().forEach(zone -> hints.addObject().put("name", zone));
            EndpointSlice.Target target = endpoint.target();
            if (target != null) {
                one.putObject("targetRef")
                        .put("kind", target.kind())
                        .put("name", target.name())
                        .put("uid", target.uid());
            }
        });
        return json.toString();
    }

    private static EndpointZones zones(String text) {
        String[] halves = text.split(">", -1);
        return new EndpointZones(halves[0], halves.length == 1 ? List.of() : List.of(halves[1].split(",", -1)));
    }

    private static @Nullable Boolean flag(char letter) {
        return letter == 'n' ? null : Boolean.valueOf(letter == 't');
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        for (String word : text.trim().split(" +", -1)) {
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        return words;
    }
}
