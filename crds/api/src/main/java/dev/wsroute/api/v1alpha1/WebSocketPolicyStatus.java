// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** PolicyStatus of Gateway API, written by the operator. */
public record WebSocketPolicyStatus(
        @JsonPropertyDescription("The targets, each with what became of the policy there.") @Required @Size(max = 16) List<Ancestor> ancestors) {

    public WebSocketPolicyStatus {
        ancestors = ancestors == null ? List.of() : List.copyOf(ancestors);
    }

    /** PolicyAncestorStatus of Gateway API. */
    public record Ancestor(
            @JsonPropertyDescription("The target.") @Required
            AncestorRef ancestorRef,

            @JsonPropertyDescription("Who wrote this: wsroute.dev/operator.") @Required @Size(min = 1, max = 253) String controllerName,

            @JsonPropertyDescription(
                    "Accepted: whether the policy is in force there, with the reason Accepted, Conflicted, Invalid or TargetNotFound.")
            @Required
            @Size(min = 1, max = 8) List<Condition> conditions) {

        public Ancestor {
            conditions = conditions == null ? List.of() : List.copyOf(conditions);
        }
    }

    /** The part of Gateway API's ParentReference that a target has. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record AncestorRef(
            @JsonPropertyDescription("API group of the target.") @Required @Size(max = 253) String group,

            @JsonPropertyDescription("Kind of the target.") @Required @Size(min = 1, max = 63) String kind,

            @JsonPropertyDescription("Name of the target.") @Required @Size(min = 1, max = 253) String name,

            @JsonPropertyDescription("Name of the rule of the route.") @Size(min = 1, max = 253) @Nullable String sectionName) {}
}
