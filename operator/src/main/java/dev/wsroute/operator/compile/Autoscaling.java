// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.wsroute.api.v1alpha1.AutoscalingSpec;
import dev.wsroute.api.v1alpha1.ProxySpec;
import dev.wsroute.api.v1alpha1.WebSocketRouteSpec;
import dev.wsroute.config.PartReader;
import dev.wsroute.operator.scaling.ScalingRules;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code spec.proxy.autoscaling}. */
public final class Autoscaling {

    static final String PATH = "spec.proxy.autoscaling";

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private Autoscaling() {}

    /** The rules of a route that the operator scales; empty for any other, and if they are invalid. */
    public static Optional<ScalingRules> of(@Nullable WebSocketRouteSpec spec) {
        ProxySpec proxy = spec == null ? null : spec.proxy();
        AutoscalingSpec autoscaling = proxy == null ? null : proxy.autoscaling();
        if (autoscaling == null) {
            return Optional.empty();
        }
        PartReader reader = new PartReader();
        ScalingRules rules = reader.read(PATH, json(autoscaling), ScalingRules.class);
        return reader.problems().isEmpty() ? Optional.ofNullable(rules) : Optional.empty();
    }

    /**
     * How much CPU a proxy should use, in thousandths of a core.
     *
     * @return null if its use does not matter
     */
    public static @Nullable Long cpuPerProxy(WebSocketRouteSpec spec, ScalingRules rules) {
        Integer percent = rules.cpuUtilization();
        return percent == null || spec.proxy() == null
                ? null
                : CpuRequest.millicores(spec.proxy())
                        .map(request -> Math.max(1, request * percent / 100))
                        .orElse(null);
    }

    static JsonNode json(AutoscalingSpec spec) {
        return JSON.valueToTree(spec);
    }
}
