// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

import dev.wsroute.api.v1alpha1.ProxySpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How much CPU a proxy pod requests. */
public final class CpuRequest {

    /** Without {@code spec.proxy.resources}. */
    public static final Quantity DEFAULT = new Quantity("100m");

    private static final String CPU = "cpu";
    /** More than any node has. */
    private static final long MOST = 1_000_000_000;

    private static final BigDecimal MILLI = BigDecimal.valueOf(1_000);

    private CpuRequest() {}

    /** The request in thousandths of a core; empty if there is none. As for Kubernetes, a limit alone is a request, too. */
    static Optional<Long> millicores(ProxySpec proxy) {
        ResourceRequirements resources = proxy.resources();
        if (resources == null) {
            return millicores(DEFAULT);
        }
        Quantity request = of(resources.getRequests());
        return millicores(request == null ? of(resources.getLimits()) : request);
    }

    private static @Nullable Quantity of(@Nullable Map<String, Quantity> amounts) {
        return amounts == null ? null : amounts.get(CPU);
    }

    private static Optional<Long> millicores(@Nullable Quantity amount) {
        if (amount == null) {
            return Optional.empty();
        }
        try {
            long value = Quantity.getAmountInBytes(amount)
                    .multiply(MILLI)
                    .setScale(0, RoundingMode.UP)
                    .longValueExact();
            return value > 0 ? Optional.of(Math.min(value, MOST)) : Optional.empty();
        } catch (IllegalArgumentException | ArithmeticException e) {
            // The API server refuses such a pod, and the status says so.
            return Optional.empty();
        }
    }
}
