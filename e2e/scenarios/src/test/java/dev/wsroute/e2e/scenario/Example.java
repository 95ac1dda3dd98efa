// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.dev.Manifests;
import dev.wsroute.e2e.dev.Repository;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A file in deploy/examples.
 *
 * @param name without its folder
 */
record Example(String name) {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /**
     * Applies its objects in the namespace of a test.
     *
     * @param change is made to each object
     * @return its routes
     */
    List<Route> apply(Space space, UnaryOperator<ObjectNode> change) throws IOException {
        Manifests manifests = new Manifests(space.client());
        List<Route> routes = new ArrayList<>();
        for (GenericKubernetesResource object :
                Manifests.read(Repository.locate().get("deploy/examples/" + name))) {
            ObjectNode json = (ObjectNode) MAPPER.readTree(Serialization.asJson(object));
            json.withObject("/metadata").put("namespace", space.namespace());
            manifests.apply(Serialization.unmarshal(change.apply(json).toString(), GenericKubernetesResource.class));
            if (object.getKind().equals("WebSocketRoute")) {
                routes.add(space.route(object.getMetadata().getName()));
            }
        }
        return routes;
    }
}
