// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.types;

import dev.wsroute.e2e.cluster.api.schema.Memoized;
import dev.wsroute.e2e.cluster.api.schema.Schema;
import dev.wsroute.e2e.cluster.api.types.ResourceType.Names;
import dev.wsroute.e2e.cluster.api.types.ResourceType.ScalePaths;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClass;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The resources that exist without a definition. */
final class BuiltInTypes {

    private enum Trait {
        CLUSTER,
        STATUS,
        GENERATION,
        SCALE,
        ALL
    }

    private static final ScalePaths SCALE =
            new ScalePaths(List.of("spec", "replicas"), List.of("status", "replicas"), List.of());
    private static final Set<String> OF_PODS = Set.of(
            "status.phase",
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "status.podIP");
    private static final Set<String> OF_EVENTS = Set.of(
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "reason",
            "reportingComponent",
            "source",
            "type");

    private final List<ResourceType> types = new ArrayList<>();

    private BuiltInTypes() {}

    static List<ResourceType> all() {
        BuiltInTypes built = new BuiltInTypes();
        built.core();
        built.groups();
        return List.copyOf(built.types);
    }

    private void core() {
        add("", "v1", Namespace.class, "namespaces", "ns", Set.of("status.phase"), Trait.CLUSTER, Trait.STATUS);
        add("", "v1", Node.class, "nodes", "no", Set.of("spec.unschedulable"), Trait.CLUSTER, Trait.STATUS);
        add("", "v1", Pod.class, "pods", "po", OF_PODS, Trait.STATUS, Trait.ALL);
        add("", "v1", Service.class, "services", "svc", Set.of("spec.clusterIP", "spec.type"), Trait.STATUS, Trait.ALL);
        add("", "v1", ConfigMap.class, "configmaps", "cm", Set.of());
        add("", "v1", Secret.class, "secrets", "", Set.of("type"));
        add("", "v1", ServiceAccount.class, "serviceaccounts", "sa", Set.of());
        add("", "v1", Event.class, "events", "ev", OF_EVENTS);
        add("", "v1", ResourceQuota.class, "resourcequotas", "quota", Set.of(), Trait.STATUS);
    }

    private void groups() {
        Trait[] workload = {Trait.STATUS, Trait.GENERATION, Trait.SCALE, Trait.ALL};
        add("apps", "v1", Deployment.class, "deployments", "deploy", Set.of(), workload);
        add("apps", "v1", ReplicaSet.class, "replicasets", "rs", Set.of("status.replicas"), workload);
        add("discovery.k8s.io", "v1", EndpointSlice.class, "endpointslices", "", Set.of(), Trait.GENERATION);
        add("coordination.k8s.io", "v1", Lease.class, "leases", "", Set.of());
        String rbac = "rbac.authorization.k8s.io";
        add(rbac, "v1", Role.class, "roles", "", Set.of());
        add(rbac, "v1", RoleBinding.class, "rolebindings", "", Set.of());
        add(rbac, "v1", ClusterRole.class, "clusterroles", "", Set.of(), Trait.CLUSTER);
        add(rbac, "v1", ClusterRoleBinding.class, "clusterrolebindings", "", Set.of(), Trait.CLUSTER);
        Trait[] spec = {Trait.STATUS, Trait.GENERATION};
        add("policy", "v1", PodDisruptionBudget.class, "poddisruptionbudgets", "pdb", Set.of(), spec);
        Class<?> hpa = HorizontalPodAutoscaler.class;
        add("autoscaling", "v2", hpa, "horizontalpodautoscalers", "hpa", Set.of(), Trait.STATUS, Trait.ALL);
        Class<?> policy = ValidatingAdmissionPolicy.class;
        Class<?> binding = ValidatingAdmissionPolicyBinding.class;
        String admission = "admissionregistration.k8s.io";
        add(admission, "v1", policy, "validatingadmissionpolicies", "", Set.of(), Trait.CLUSTER, Trait.STATUS);
        add(admission, "v1", binding, "validatingadmissionpolicybindings", "", Set.of(), Trait.CLUSTER);
        add("networking.k8s.io", "v1", NetworkPolicy.class, "networkpolicies", "netpol", Set.of(), Trait.GENERATION);
        add("scheduling.k8s.io", "v1", PriorityClass.class, "priorityclasses", "pc", Set.of(), Trait.CLUSTER);
        Trait[] definition = {Trait.CLUSTER, Trait.STATUS, Trait.GENERATION};
        Class<?> crd = CustomResourceDefinition.class;
        add("apiextensions.k8s.io", "v1", crd, "customresourcedefinitions", "crd crds", Set.of(), definition);
        add("events.k8s.io", "v1", io.fabric8.kubernetes.api.model.events.v1.Event.class, "events", "ev", OF_EVENTS);
    }

    private void add(
            String group,
            String version,
            Class<?> model,
            String plural,
            String shortNames,
            Set<String> selectable,
            Trait... traits) {
        EnumSet<Trait> has = EnumSet.noneOf(Trait.class);
        has.addAll(List.of(traits));
        String kind = model.getSimpleName();
        List<String> abbreviations = shortNames.isEmpty() ? List.of() : List.of(shortNames.split(" ", -1));
        List<String> categories = has.contains(Trait.ALL) ? List.of("all") : List.of();
        String singular = kind.toLowerCase(Locale.ROOT);
        @Nullable ScalePaths scale = has.contains(Trait.SCALE) ? SCALE : null;
        types.add(new ResourceType(
                group,
                version,
                new Names(kind, plural, singular, abbreviations, categories),
                !has.contains(Trait.CLUSTER),
                has.contains(Trait.STATUS),
                scale,
                has.contains(Trait.GENERATION),
                new Memoized<Schema>(() -> ModelSchemas.shared().schemaOf(model)),
                selectable,
                List.of(),
                false));
    }
}
