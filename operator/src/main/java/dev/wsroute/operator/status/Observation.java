// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import dev.wsroute.operator.compile.ServiceName;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The cached objects around a route.
 *
 * @param deployment of its proxies
 * @param service in front of its proxies
 * @param report ConfigMap with the reports of its proxies
 * @param proxies EndpointSlices of {@code service}: which proxies are ready
 * @param pods that have the route's label, with the reasons why they do not run; looked up only when needed
 * @param slices the EndpointSlices of a Service
 */
public record Observation(
        @Nullable Deployment deployment,
        @Nullable Service service,
        @Nullable ConfigMap report,
        List<EndpointSlice> proxies,
        Supplier<List<Pod>> pods,
        Function<ServiceName, List<EndpointSlice>> slices) {}
