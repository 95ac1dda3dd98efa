// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.limits;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.logging.Printable;
import dev.wsroute.operator.cache.PartialObject;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The limits in force: those of the last version of the ConfigMap that was without faults, or the defaults if there is no
 * ConfigMap. An operator that has seen no such version since its start does not know whether the former limits were narrower than the
 * defaults, so a key with a fault allows nothing.
 */
public final class CurrentLimits {

    private static final Logger LOG = LoggerFactory.getLogger(CurrentLimits.class);
    private static final int MAX_MESSAGE = 1024;

    private final String namespace;
    private final String name;
    private volatile RouteLimits inForce = RouteLimits.DEFAULTS;
    private volatile List<String> faults = List.of();
    /** Whether a version without faults was seen, or none at all. */
    private volatile boolean known;

    /** @param name of the ConfigMap, which need not exist */
    public CurrentLimits(String namespace, String name) {
        this.namespace = namespace;
        this.name = name;
    }

    /** The namespace of the ConfigMap. */
    public String namespace() {
        return namespace;
    }

    /** The name of the ConfigMap. */
    public String name() {
        return name;
    }

    /** Where the administrator sets the limits. */
    String source() {
        return "ConfigMap " + namespace + "/" + name;
    }

    /** One sentence for each field of the route that is beyond the limits, without a full stop; empty if there is none. */
    public List<String> problems(WebSocketRoute route) {
        if (route.getSpec() == null || route.getSpec().proxy() == null) {
            return List.of();
        }
        List<String> problems = LimitCheck.problems(
                route.getMetadata().getName(), route.getSpec().proxy(), inForce, source());
        List<String> found = faults;
        return problems.isEmpty() || known || found.isEmpty()
                ? problems
                : Stream.concat(
                                problems.stream(),
                                Stream.of(source() + " has a fault, and what cannot be read allows nothing: "
                                        + Printable.of(String.join("; ", found), MAX_MESSAGE)))
                        .toList();
    }

    /** Whether the ConfigMap cannot be used as it is. */
    public boolean isFaulty() {
        return !faults.isEmpty();
    }

    /**
     * Takes over the content of the ConfigMap; if it has a fault, only if the operator knows no better.
     *
     * @param map null: it does not exist
     * @return whether the limits in force, or the sentences about them, have changed
     */
    public synchronized boolean observe(@Nullable ConfigMap map) {
        List<String> found = map == null ? List.of() : faults(map);
        if (!found.isEmpty()) {
            boolean isNew = !found.equals(faults);
            if (isNew) {
                report(found);
            }
            faults = found;
            if (known || map == null) {
                return false;
            }
            RouteLimits least = isReadable(map) ? RouteLimits.withoutFaultyKeys(data(map)) : RouteLimits.NOTHING;
            boolean changed = isNew || !least.equals(inForce);
            inForce = least;
            return changed;
        }
        RouteLimits next = map == null ? RouteLimits.DEFAULTS : RouteLimits.of(data(map));
        boolean changed = !next.equals(inForce) || (!known && isFaulty());
        if (changed || !known || isFaulty()) {
            LOG.info(
                    "Routes are limited by {}{}: {}",
                    source(),
                    map == null ? ", which does not exist, so the defaults apply" : "",
                    next);
        }
        inForce = next;
        faults = List.of();
        known = true;
        return changed;
    }

    private void report(List<String> found) {
        LOG.error(
                known
                        ? "{} has faults and is not used; the limits that were in force before stay: {}"
                        : "{} has faults; its other keys apply, and what cannot be read allows nothing: {}",
                source(),
                Printable.of(String.join("; ", found), MAX_MESSAGE));
    }

    private static boolean isReadable(ConfigMap map) {
        return !PartialObject.isPartial(map)
                && (map.getBinaryData() == null || map.getBinaryData().isEmpty());
    }

    private static List<String> faults(ConfigMap map) {
        if (PartialObject.isPartial(map)) {
            return List.of("it is too large");
        }
        return map.getBinaryData() != null && !map.getBinaryData().isEmpty()
                ? List.of("binaryData is not read; write the limits to data")
                : RouteLimits.faults(data(map));
    }

    private static Map<String, String> data(ConfigMap map) {
        return Objects.requireNonNullElse(map.getData(), Map.of());
    }
}
