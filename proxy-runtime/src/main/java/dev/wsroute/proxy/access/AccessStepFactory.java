// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.access;

import dev.wsroute.config.RuleConfig;
import org.jspecify.annotations.Nullable;

/** Creates one kind of step for the rules of a configuration. Used on the control thread only. */
@FunctionalInterface
public interface AccessStepFactory {

    /**
     * The step of a rule.
     *
     * @param route {@code namespace/name} of the rule's route
     * @return null if the rule has none of this kind
     */
    @Nullable AccessStep step(String route, RuleConfig rule);
}
