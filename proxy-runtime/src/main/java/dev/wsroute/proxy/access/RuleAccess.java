// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.access;

import dev.wsroute.config.AccessConfig;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.proxy.metrics.ProxyMetrics;
import dev.wsroute.proxy.routing.AccessGate;
import dev.wsroute.proxy.routing.AccessRequest;
import dev.wsroute.proxy.routing.AccessVerdict;
import dev.wsroute.proxy.routing.Grant;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The access rules of a rule: steps, of which each must agree. Immutable. */
public final class RuleAccess implements AccessGate {

    private final List<AccessStep> steps;

    /** @param steps in the order in which they are asked */
    RuleAccess(List<AccessStep> steps) {
        this.steps = List.copyOf(steps);
    }

    /**
     * @param route {@code namespace/name} of the rule's route
     * @param further steps after those of addresses and origins, in order
     * @return null if nothing is to be checked
     */
    public static @Nullable RuleAccess of(
            String route, RuleConfig rule, ProxyMetrics metrics, List<AccessPart> further) {
        AccessConfig config = rule.access();
        if (config == null) {
            return null;
        }
        List<AccessStep> steps = new ArrayList<>();
        if (config.clientAddresses() != null) {
            steps.add(new AddressStep(config.clientAddresses()));
        }
        if (config.checksOrigins()) {
            steps.add(new OriginStep(
                    new AllowedOrigins(config.allowedOrigins()),
                    config.requireOrigin(),
                    config.mode(),
                    reason -> metrics.accessReported(route, reason)));
        }
        for (AccessPart kind : further) {
            AccessStep step = kind.step(route, rule);
            if (step != null) {
                steps.add(step);
            }
        }
        return steps.isEmpty() ? null : new RuleAccess(steps);
    }

    @Override
    public void check(AccessRequest request, EventLoop loop, Consumer<AccessVerdict> answer) {
        ask(0, new Grant(), request, loop, answer);
    }

    private void ask(int index, Grant grant, AccessRequest request, EventLoop loop, Consumer<AccessVerdict> answer) {
        if (index == steps.size() - 1) {
            // Does not keep the request, whose client may be gone while a service decides.
            steps.get(index).check(request, grant, loop, denial -> answer.accept(new AccessVerdict(grant, denial)));
            return;
        }
        steps.get(index).check(request, grant, loop, denial -> {
            if (denial == null) {
                ask(index + 1, grant, request, loop, answer);
            } else {
                answer.accept(new AccessVerdict(grant, denial));
            }
        });
    }
}
