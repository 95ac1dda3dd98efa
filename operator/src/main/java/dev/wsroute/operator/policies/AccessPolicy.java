// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.policies;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.wsroute.api.v1alpha1.AccessSpec;
import dev.wsroute.api.v1alpha1.ExternalAuthorizationSpec;
import dev.wsroute.api.v1alpha1.ExternalAuthorizationSpec.AuthorizationServiceRef;
import dev.wsroute.api.v1alpha1.WebSocketPolicySpec.TargetRef;
import dev.wsroute.api.v1alpha1.WebSocketPolicyStatus;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocketPolicy. It counts until it is gone, even while it is being deleted.
 *
 * @param uid tells it from a later one of the same name
 * @param created when, in RFC 3339
 * @param access null if it cannot be read
 * @param problems why no route can have this access, one sentence each that begins with the path of the field; empty if it is valid
 * @param status null if it has none that can be read
 */
record AccessPolicy(
        String namespace,
        String name,
        String uid,
        String created,
        long generation,
        List<TargetRef> targets,
        @Nullable AccessSpec access,
        List<String> problems,
        @Nullable WebSocketPolicyStatus status)
        implements Comparable<AccessPolicy> {

    /** Fails on fields that it does not know: ignoring one would open routes. */
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    /** Of Gateway API (GEP-713): the oldest policy counts, and of equally old ones the first by name. */
    private static final Comparator<AccessPolicy> PRECEDENCE =
            Comparator.comparing(AccessPolicy::created).thenComparing(AccessPolicy::name);

    AccessPolicy {
        targets = List.copyOf(targets);
        problems = List.copyOf(problems);
    }

    /** Never fails: what cannot be read is a problem of this policy only. */
    static AccessPolicy of(GenericKubernetesResource object) {
        ObjectMeta metadata = object.getMetadata();
        List<String> problems = new ArrayList<>();
        AccessSpec access = read(object.get("spec", "access"), AccessSpec.class, problems);
        if (access != null) {
            problems.addAll(AccessCheck.problems(metadata.getNamespace(), access));
        }
        return new AccessPolicy(
                metadata.getNamespace(),
                metadata.getName(),
                Objects.requireNonNullElse(metadata.getUid(), ""),
                Objects.requireNonNullElse(metadata.getCreationTimestamp(), ""),
                Objects.requireNonNullElse(metadata.getGeneration(), 0L),
                targets(object.get("spec", "targetRefs")),
                access,
                problems,
                read(object.get("status"), WebSocketPolicyStatus.class, new ArrayList<>()));
    }

    private static List<TargetRef> targets(@Nullable Object refs) {
        return refs instanceof List<?> list
                ? list.stream()
                        .map(ref -> read(ref, TargetRef.class, new ArrayList<>()))
                        .flatMap(ref -> Optional.ofNullable(ref).stream())
                        .toList()
                : List.of();
    }

    private static <T> @Nullable T read(@Nullable Object value, Class<T> type, List<String> problems) {
        try {
            T read = JSON.convertValue(value, type);
            if (read == null) {
                problems.add("spec.access is missing");
            }
            return read;
        } catch (IllegalArgumentException e) {
            problems.add("spec.access cannot be read: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
            return null;
        }
    }

    /** The Service that decides about requests, if there is one. */
    Optional<ResourceID> service() {
        return Optional.ofNullable(access)
                .map(AccessSpec::external)
                .map(ExternalAuthorizationSpec::service)
                .map(AuthorizationServiceRef::name)
                .map(service -> new ResourceID(service, namespace));
    }

    /** Whether routes and the status do not depend on the difference. */
    boolean saysTheSameAs(@Nullable AccessPolicy other) {
        return other != null
                && uid.equals(other.uid)
                && created.equals(other.created)
                && targets.equals(other.targets)
                && problems.equals(other.problems)
                && Objects.equals(access, other.access);
    }

    @Override
    public int compareTo(AccessPolicy other) {
        return PRECEDENCE.compare(this, other);
    }
}
