// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.migrate;

import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The annotations of one Ingress that ingress-nginx reads, without their prefix. */
final class Annotations {

    static final String PREFIX = "nginx.ingress.kubernetes.io/";

    private final Map<String, String> values = new TreeMap<>();
    private final Set<String> others = new TreeSet<>();
    private final String namespace;

    Annotations(Ingress ingress) {
        namespace = Objects.requireNonNullElse(ingress.getMetadata().getNamespace(), "");
        Map<String, String> all =
                Objects.requireNonNullElse(ingress.getMetadata().getAnnotations(), Map.of());
        all.forEach((name, value) -> {
            if (name.startsWith(PREFIX)) {
                values.put(
                        name.substring(PREFIX.length()),
                        Objects.requireNonNullElse(value, "").trim());
            } else {
                others.add(name);
            }
        });
    }

    /** The namespace of the Ingress; empty if it does not say. */
    String namespace() {
        return namespace;
    }

    /** In alphabetical order. */
    Set<String> names() {
        return values.keySet();
    }

    /** The full names of those of other programs. */
    Set<String> others() {
        return others;
    }

    /** The value, empty if it is absent. */
    String text(String name) {
        return values.getOrDefault(name, "");
    }

    Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    }

    boolean is(String name, String value) {
        return value.equals(values.get(name));
    }

    /** The value as a whole number of at least 0; empty if it is absent or something else. */
    OptionalInt number(String name) {
        return get(name)
                .filter(value -> value.matches("\\d{1,9}"))
                .map(value -> OptionalInt.of(Integer.parseInt(value)))
                .orElse(OptionalInt.empty());
    }
}
