// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.access;

import dev.wsroute.config.AccessConfig;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.metrics.ProxyMetrics;
import dev.wsroute.proxy.routing.AccessGate;
import dev.wsroute.proxy.routing.AccessRequest;
import dev.wsroute.proxy.routing.AccessVerdict;
import dev.wsroute.proxy.routing.Denial;
import dev.wsroute.proxy.routing.Grant;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
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
    public void check(
            Supplier<? extends @Nullable AccessRequest> request, EventLoop loop, Consumer<AccessVerdict> answer) {
        new Passage(request, loop, answer).ask(0);
    }

    /** A request on its way through the steps. It does not keep the request, whose client may leave while a step waits. */
    private final class Passage {

        private final Supplier<? extends @Nullable AccessRequest> request;
        private final EventLoop loop;
        private final Consumer<AccessVerdict> answer;
        private final Grant grant = new Grant();

        Passage(Supplier<? extends @Nullable AccessRequest> request, EventLoop loop, Consumer<AccessVerdict> answer) {
            this.request = request;
            this.loop = loop;
            this.answer = answer;
        }

        void ask(int index) {
            AccessRequest asked = request.get();
            if (asked != null) {
                steps.get(index).check(asked, grant, loop, denial -> told(index, denial));
            }
        }

        private void told(int index, @Nullable Denial denial) {
            if (denial != null || index == steps.size() - 1) {
                answer.accept(new AccessVerdict(grant, denial));
                return;
            }
            try {
                ask(index + 1);
            } catch (Throwable e) {
                // In a task of the loop nobody else would tell the client.
                Containment.count(loop, FailurePoint.TASK, e);
                answer.accept(new AccessVerdict(grant, Denial.UNDECIDED));
            }
        }
    }
}
