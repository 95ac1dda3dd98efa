// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.controllers;

import dev.wsroute.e2e.cluster.work.ObjectView;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The views of the API that all controllers share: one informer per kind. */
record Views(
        ObjectView<Namespace> namespaces,
        ObjectView<ServiceAccount> serviceAccounts,
        ObjectView<Deployment> deployments,
        ObjectView<ReplicaSet> replicaSets,
        ObjectView<Pod> pods,
        ObjectView<Service> services,
        ObjectView<EndpointSlice> endpointSlices)
        implements AutoCloseable {

    static Views of(KubernetesClient client) {
        return new Views(
                new ObjectView<>(client.namespaces().runnableInformer(0)),
                new ObjectView<>(client.serviceAccounts().inAnyNamespace().runnableInformer(0)),
                new ObjectView<>(client.apps().deployments().inAnyNamespace().runnableInformer(0)),
                new ObjectView<>(client.apps().replicaSets().inAnyNamespace().runnableInformer(0)),
                new ObjectView<>(client.pods().inAnyNamespace().runnableInformer(0)),
                new ObjectView<>(client.services().inAnyNamespace().runnableInformer(0)),
                new ObjectView<>(client.discovery()
                        .v1()
                        .endpointSlices()
                        .inAnyNamespace()
                        .runnableInformer(0)));
    }

    private List<ObjectView<?>> all() {
        return List.of(namespaces, serviceAccounts, deployments, replicaSets, pods, services, endpointSlices);
    }

    /** Completes once every kind has been listed. */
    CompletableFuture<Void> start() {
        return CompletableFuture.allOf(
                all().stream().map(view -> view.start().toCompletableFuture()).toArray(CompletableFuture<?>[]::new));
    }

    @Override
    public void close() {
        all().forEach(ObjectView::close);
    }
}
