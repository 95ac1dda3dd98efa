// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import dev.wsroute.api.v1alpha1.ProxySpec;
import dev.wsroute.api.v1alpha1.WebSocketRoute;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The labels of a route's proxy pods. */
public final class ProxyPodLabels {

    private ProxyPodLabels() {}

    /** The labels of the pods of {@code route}. */
    public static NavigableMap<String, String> of(WebSocketRoute route) {
        ProxySpec proxy = route.getSpec() == null ? null : route.getSpec().proxy();
        return of(route.getMetadata().getName(), proxy == null ? null : proxy.podLabels());
    }

    /** @param podLabels additional labels that the user sets */
    static NavigableMap<String, String> of(String route, @Nullable Map<String, String> podLabels) {
        NavigableMap<String, String> labels = new TreeMap<>(podLabels == null ? Map.of() : podLabels);
        labels.putAll(Labels.of(route, Labels.PROXY));
        return labels;
    }
}
