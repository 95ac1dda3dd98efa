// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.controllers;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The controllers for an API server without a controller manager: Deployment, ReplicaSet, EndpointSlice, ServiceAccount
 * and garbage collection. An ordinary client of the API.
 */
public final class Controllers implements AutoCloseable {

    private static final long FIRST_LIST_SECONDS = 60;

    private final Views views;
    private final List<Controller> controllers;

    private Controllers(Views views, List<Controller> controllers) {
        this.views = views;
        this.controllers = controllers;
    }

    /**
     * Starts all controllers, and returns once they have read all existing objects.
     *
     * @param client is closed by the caller, after this
     * @throws IllegalStateException if the API server cannot be listed
     */
    public static Controllers start(KubernetesClient client) {
        Views views = Views.of(client);
        Controllers controllers = new Controllers(
                views,
                List.of(
                        new DeploymentController(client, views),
                        new ReplicaSetController(client, views),
                        new EndpointSliceController(client, views),
                        new ServiceAccountController(client, views),
                        new GarbageCollector(client)));
        try {
            views.start().get(FIRST_LIST_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            controllers.close();
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new IllegalStateException("the controllers cannot list what the API server holds", e);
        }
        controllers.controllers.forEach(Controller::start);
        return controllers;
    }

    @Override
    public void close() {
        views.close();
        controllers.forEach(Controller::close);
    }
}
