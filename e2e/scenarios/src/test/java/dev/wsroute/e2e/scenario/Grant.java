// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import dev.wsroute.e2e.dev.Manifests;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** A ReferenceGrant by which a namespace permits routes of another one to use a Service of its own. */
final class Grant {

    /** The definition of its kind. */
    static final Path DEFINITION = Path.of("src/test/resources/reference-grants-crd.yaml");

    private static final String MANIFEST = """
            apiVersion: gateway.networking.k8s.io/v1
            kind: ReferenceGrant
            metadata: {name: %s, namespace: %s}
            spec:
              from: [{group: wsroute.dev, kind: WebSocketRoute, namespace: %s}]
              to: [{group: "", kind: Service, name: %s}]
            """;

    private final Space owner;
    private final GenericKubernetesResource object;

    private Grant(Space owner, GenericKubernetesResource object) {
        this.owner = owner;
        this.object = object;
    }

    /** Creates it in {@code owner}. */
    static Grant create(Space owner, String name, Space routes, String service) {
        try {
            GenericKubernetesResource object = Manifests.parse(
                            MANIFEST.formatted(name, owner.namespace(), routes.namespace(), service))
                    .get(0);
            owner.client().resource(object).create();
            return new Grant(owner, object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void delete() {
        owner.client().resource(object).delete();
    }
}
