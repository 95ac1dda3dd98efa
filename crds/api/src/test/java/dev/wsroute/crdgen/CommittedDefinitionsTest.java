// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.crdgen;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the committed CRDs say beside their fields, and what they have in common. */
class CommittedDefinitionsTest {

    private final ObjectNode routes = CommittedFiles.read(Path.of("../websocketroutes.wsroute.dev.yaml"));
    private final ObjectNode policies = CommittedFiles.read(Path.of("../websocketpolicies.wsroute.dev.yaml"));

    CommittedDefinitionsTest() throws IOException {}

    @Test
    void kubectlShowsHostsBackendsProxiesReadyAndAge() {
        assertThat(routes.at("/spec/versions/0/additionalPrinterColumns"))
                .filteredOn(column -> column.path("priority").asInt() == 0)
                .extracting(column -> column.get("name").asText())
                .containsExactly("Hosts", "Backends", "Proxies", "Ready", "Age");
    }

    @Test
    void toolsFindThePolicyByTheLabelOfGatewayApi() {
        assertThat(policies.at("/metadata/labels/gateway.networking.k8s.io~1policy")
                        .asText())
                .isEqualTo("Direct");
    }

    @Test
    void aPolicySaysOfAccessWhatARuleSays() {
        assertThat(access(policies, "/spec/properties/access"))
                .isEqualTo(access(routes, "/spec/properties/rules/items/properties/access"));
    }

    private static JsonNode access(ObjectNode crd, String path) {
        ObjectNode access = (ObjectNode) CommittedFiles.schema(crd).at("/properties" + path);
        assertThat(access.path("properties").isEmpty()).isFalse();
        return access.deepCopy().without(List.of("description"));
    }
}
