// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.limits;

import dev.wsroute.config.Durations;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What routes may ask for beyond routing. Who may write routes has no other rights on pods, nodes or Services, so each field of
 * {@code spec.proxy} that would give such a right is limited here. The policy in deploy/kustomize/limits-policy decides the same.
 *
 * @param images of the proxies, other than the operator's own
 * @param serviceTypes of the proxies' Service
 * @param serviceAnnotations keys, or {@code key=value}
 * @param podLabels keys, or {@code key=value}
 * @param podAnnotations keys, or {@code key=value}
 * @param priorityClasses of the proxies
 * @param tolerations keys of taints, or {@code key=value}
 * @param nodeLabels keys, or {@code key=value}, by which routes may choose nodes
 * @param anyPodAffinity whether affinity may concern pods of other namespaces, and keep other pods away
 * @param maxReplicas of a route
 * @param maxResources of a pod
 * @param maxDrain the longest of each period of a proxy's shutdown
 */
record RouteLimits(
        Patterns images,
        Patterns serviceTypes,
        Patterns serviceAnnotations,
        Patterns podLabels,
        Patterns podAnnotations,
        Patterns priorityClasses,
        Patterns tolerations,
        Patterns nodeLabels,
        boolean anyPodAffinity,
        int maxReplicas,
        Maxima maxResources,
        Longest maxDrain) {

    /** A longest duration, as the administrator wrote it. */
    record Longest(String text) {

        boolean allows(String duration) {
            return Durations.parse(duration).compareTo(Durations.parse(text)) <= 0;
        }
    }

    /** In characters of all values together. A larger ConfigMap would make each sentence and each comparison too long. */
    private static final int MAX_TEXT = 8 * 1024;

    /** What holds without a ConfigMap. */
    static final RouteLimits DEFAULTS = of(Map.of());

    /** What holds if a ConfigMap cannot be read at all, and no earlier version of it is known. */
    static final RouteLimits NOTHING =
            of(Stream.of(Setting.values()).collect(Collectors.toMap(Setting::name, Setting::nothing)));

    /** What is wrong with the data of a ConfigMap, a sentence each; empty if it can be used. */
    static List<String> faults(Map<String, String> data) {
        List<String> faults = new ArrayList<>();
        new TreeMap<>(data)
                .forEach((key, text) -> Setting.named(key)
                        .ifPresentOrElse(
                                setting -> setting.fault(text).ifPresent(fault -> faults.add(key + " " + fault)),
                                () -> faults.add(
                                        key + " is unknown; the keys are " + String.join(", ", Setting.names()))));
        if (isTooLong(data)) {
            faults.add("the values have more than " + MAX_TEXT + " characters");
        }
        return faults;
    }

    /** @param data without {@link #faults} */
    static RouteLimits of(Map<String, String> data) {
        return new RouteLimits(
                words(Setting.images, data),
                words(Setting.serviceTypes, data),
                words(Setting.serviceAnnotations, data),
                words(Setting.podLabels, data),
                words(Setting.podAnnotations, data),
                words(Setting.priorityClasses, data),
                words(Setting.tolerations, data),
                words(Setting.nodeLabels, data),
                text(Setting.podAffinity, data).equals(Setting.UNRESTRICTED),
                Integer.parseInt(text(Setting.maxReplicas, data)),
                new Maxima(words(Setting.maxResources, data).words()),
                new Longest(text(Setting.maxDrain, data)));
    }

    /** As {@link #of}, but a key whose value has a fault allows nothing. */
    static RouteLimits withoutFaultyKeys(Map<String, String> data) {
        Map<String, String> readable = new HashMap<>(data);
        readable.replaceAll((key, text) -> Setting.named(key)
                .filter(setting -> setting.fault(text).isPresent())
                .map(Setting::nothing)
                .orElse(text));
        return isTooLong(data) ? NOTHING : of(readable);
    }

    private static boolean isTooLong(Map<String, String> data) {
        return data.values().stream().mapToInt(String::length).sum() > MAX_TEXT;
    }

    private static Patterns words(Setting setting, Map<String, String> data) {
        return Patterns.of(text(setting, data));
    }

    private static String text(Setting setting, Map<String, String> data) {
        return data.getOrDefault(setting.name(), setting.absent());
    }
}
