// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.controllers;

import dev.wsroute.e2e.cluster.work.NamespacedName;
import dev.wsroute.e2e.cluster.work.WorkQueue;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;

/** Creates the ServiceAccount "default" in each namespace. */
final class ServiceAccountController implements Controller {

    private static final String DEFAULT = "default";

    private final KubernetesClient client;
    private final Views views;
    private final WorkQueue<String> queue = new WorkQueue<>("serviceaccounts", this::reconcile);

    ServiceAccountController(KubernetesClient client, Views views) {
        this.client = client;
        this.views = views;
        views.namespaces().listen(namespace -> queue.add(namespace.getMetadata().getName()));
        views.serviceAccounts().listen(account -> {
            if (account.getMetadata().getName().equals(DEFAULT)) {
                queue.add(account.getMetadata().getNamespace());
            }
        });
    }

    private void reconcile(String name) {
        boolean alive = views.namespaces()
                .get(new NamespacedName("", name))
                .filter(namespace -> namespace.getMetadata().getDeletionTimestamp() == null)
                .isPresent();
        if (alive
                && views.serviceAccounts()
                        .get(new NamespacedName(name, DEFAULT))
                        .isEmpty()) {
            views.serviceAccounts()
                    .wrote(client.resource(new ServiceAccountBuilder()
                                    .withNewMetadata()
                                    .withNamespace(name)
                                    .withName(DEFAULT)
                                    .endMetadata()
                                    .build())
                            .create());
        }
    }

    @Override
    public void close() {
        queue.close();
    }
}
