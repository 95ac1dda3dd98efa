// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The desired state of a policy: what it says, and about which routes. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record WebSocketPolicySpec(
        @JsonPropertyDescription("The routes that the policy is about, in its own namespace.")
        @Required
        @Size(min = 1, max = 16) @ValidationRule(value = TARGETS_RULE, message = TARGETS_MESSAGE)
        List<TargetRef> targetRefs,

        @JsonPropertyDescription("Who may connect: the access of every rule of these routes that has none of its own.")
        @Required
        AccessSpec access) {

    static final String TARGETS_RULE = "self.all(t, self.exists_one(u, u.group == t.group && u.kind == t.kind"
            + " && u.name == t.name && (has(u.sectionName) ? u.sectionName : '')"
            + " == (has(t.sectionName) ? t.sectionName : '')))";

    static final String TARGETS_MESSAGE = "each target may be named once";

    public WebSocketPolicySpec {
        targetRefs = targetRefs == null ? List.of() : List.copyOf(targetRefs);
    }

    /** LocalPolicyTargetReferenceWithSectionName of Gateway API. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record TargetRef(
            @JsonPropertyDescription("API group of the target: wsroute.dev.")
            @Required
            @Pattern("^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$") @Size(max = 253) String group,

            @JsonPropertyDescription("Kind of the target: WebSocketRoute.")
            @Required
            @Pattern("^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$") @Size(min = 1, max = 63) String kind,

            @JsonPropertyDescription("Name of the target.") @Required @Size(min = 1, max = 253) String name,

            @JsonPropertyDescription(
                    "Name of the only rule of the route that the policy is about. Absent: all rules that no policy names.")
            @Size(min = 1, max = 253) @Nullable String sectionName) {}
}
